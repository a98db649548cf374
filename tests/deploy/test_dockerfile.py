"""The Dockerfile, as far as reading can tell: no Docker engine runs where the tests do."""

import re

import pytest

from scripts.system import PDF_LIBRARIES, ROOT

LINES = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
IGNORED = (ROOT / ".dockerignore").read_text().split()


def stage(name: str) -> list[str]:
    """The instructions of one stage."""
    start = next(i for i, line in enumerate(LINES) if line.endswith(f" AS {name}"))
    rest = LINES[start + 1 :]
    end = next((i for i, line in enumerate(rest) if line.startswith("FROM ")), len(rest))
    return rest[:end]


def test_the_product_runs_as_nobody_in_particular():
    users = [line.split()[1] for line in stage("app") if line.startswith("USER ")]
    assert users == ["signpost"]
    assert any("useradd" in line and "--uid 10001" in line for line in stage("app"))


def test_base_images_are_of_a_stated_version():
    bases = [line.split()[1] for line in LINES if line.startswith("FROM ")]
    assert bases
    assert all(re.search(r":\d", base) for base in bases)


def test_packages_are_installed_by_their_hashes():
    assert any("--require-hashes -r requirements.lock" in line for line in stage("packages"))


@pytest.mark.parametrize("package", PDF_LIBRARIES.values())
def test_the_pdf_libraries_are_in_the_image(package: str):
    assert any(package in line.split() for line in stage("app"))


def test_what_is_copied_from_the_checkout_exists():
    for line in LINES:
        words = line.split()
        if words[:1] == ["COPY"] and not words[1].startswith("--from"):
            for name in words[1:-1]:
                assert (ROOT / name).exists(), name


@pytest.mark.parametrize("name", ["node_modules", "var", "staticfiles", ".*"])
def test_what_a_machine_made_for_itself_stays_out(name: str):
    assert name in IGNORED
