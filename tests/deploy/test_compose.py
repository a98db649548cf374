"""docker-compose.yml says what it must, as far as reading can tell."""

import re
from typing import Any

import pytest
from django.conf import settings

import config.settings
from config.celery import app
from scripts.system import ROOT
from tests.deploy import compose

RAW = compose.read()
NAMES = list(RAW["services"])
# One-shot, and run by its exit code instead of a health check.
ONE_SHOT = ["migrate"]


def test_the_parts_are_all_there():
    assert sorted(NAMES) == [
        *("beat", "db", "migrate", "nginx", "redis", "uploads", "web", "worker")
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_service_is_watched_or_runs_once(services: dict[str, Any], name: str):
    service = services[name]
    if name in ONE_SHOT:
        assert service["restart"] == "no"
        assert "healthcheck" not in service
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_root(services: dict[str, Any], name: str):
    user = services[name]["user"].partition(":")[0]
    assert user not in ("", "0", "root")
    assert services[name]["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("name", compose.OURS)
def test_our_services_cannot_write_into_their_image(services: dict[str, Any], name: str):
    assert services[name]["read_only"] is True
    assert services[name]["volumes"] == ["data:/data"]


def test_the_proxy_may_read_the_stored_files_and_nothing_else(services: dict[str, Any]):
    assert "data:/data:ro" in services["nginx"]["volumes"]
    group = services["web"]["user"].partition(":")[2]
    assert services["nginx"]["group_add"] == [group]
    assert services["web"]["environment"]["SIGNPOST_X_ACCEL"] == "1"


def test_what_exports_make_lies_on_the_disk_and_not_in_memory(services: dict[str, Any]):
    """Theirs is a folder of the store, which is a folder of the data folder."""
    in_memory = services["worker"]["tmpfs"]
    assert in_memory == ["/tmp"]
    assert services["worker"]["volumes"] == ["data:/data"]
    assert "SIGNPOST_DATA_DIR=/data\n" in (ROOT / "Dockerfile").read_text()
    for name in ("BLOB_DIR", "REPORT_PARTS_DIR"):
        assert getattr(config.settings, name).parent == config.settings.DATA_DIR


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("SIGNPOST_EXPORT_DAYS", "EXPORT_DAYS"),
        ("SIGNPOST_EXPORT_PROCESSES", "REPORT_HANDS"),
        ("SIGNPOST_EXPORT_PARTS_MB", "REPORT_PARTS_MB"),
    ],
)
def test_what_nobody_sets_is_as_without_compose(services: dict[str, Any], name: str, setting: str):
    assert int(services["worker"]["environment"][name]) == getattr(settings, setting)


def test_archives_go_nowhere_unless_a_bucket_is_named_for_them(services: dict[str, Any]):
    for name in ("web", "worker"):
        assert services[name]["environment"]["SIGNPOST_ARCHIVES_BUCKET"] == ""
    assert "archives" not in settings.STORAGES


def test_a_worker_that_grew_is_replaced(services: dict[str, Any]):
    """Celery's own count is in kB."""
    most = int(services["worker"]["environment"]["SIGNPOST_WORKER_MEMORY_MB"])
    assert app.conf.worker_max_memory_per_child == most * 1024 == 400 * 1024


@pytest.mark.parametrize("secret", list(compose.DOT_ENV))
def test_without_its_secret_nothing_starts(secret: str):
    given = {name: value for name, value in compose.DOT_ENV.items() if name != secret}
    with pytest.raises(compose.MissingVariableError, match=secret):
        compose.interpolate(RAW, given)


def test_no_secret_is_written_down():
    secretive = re.compile(r"(KEY|PASSWORD|SECRET|TOKEN)")
    for service in RAW["services"].values():
        for name, value in service.get("environment", {}).items():
            if secretive.search(name):
                assert re.fullmatch(r"\$\{\w+:(\?[^}]+|-)\}", value), name


def test_only_the_proxy_is_reachable_from_outside(services: dict[str, Any]):
    assert [name for name in NAMES if "ports" in services[name]] == ["nginx"]
    assert RAW["networks"]["back"]["internal"] is True
    assert services["db"]["networks"] == services["redis"]["networks"] == ["back"]


@pytest.mark.parametrize("name", ["web", "uploads", "worker", "beat"])
def test_we_start_once_the_database_is_migrated_and_the_queue_is_up(
    services: dict[str, Any], name: str
):
    assert services[name]["depends_on"] == {
        "migrate": {"condition": "service_completed_successfully"},
        "redis": {"condition": "service_healthy"},
    }


def test_migrate_waits_for_the_database_and_nginx_for_the_web(services: dict[str, Any]):
    assert services["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    healthy = {"condition": "service_healthy"}
    assert services["nginx"]["depends_on"] == {"web": healthy, "uploads": healthy}


def test_volumes_that_are_used_are_named(services: dict[str, Any]):
    named = {
        volume.partition(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
        if not volume.startswith((".", "/"))
    }
    assert named == set(RAW["volumes"])


def test_the_proxy_lets_a_whole_file_through(services: dict[str, Any]):
    request = int(services["nginx"]["environment"]["SIGNPOST_MAX_REQUEST_MB"])
    file = int(services["web"]["environment"]["SIGNPOST_MAX_UPLOAD_MB"])
    assert request > file


@pytest.mark.parametrize("name", NAMES)
def test_images_are_of_a_stated_version(services: dict[str, Any], name: str):
    image = services[name]["image"]
    assert "build" in services[name] or re.search(r":\d", image), image
