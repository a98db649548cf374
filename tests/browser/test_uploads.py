"""Files that survive: a lost signal, a reload, a killed server, two tabs, on desk and phone."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from demo.ready import answers
from files.models import Quota, Transfer
from files.transfers import parts
from scripts.services import redis
from scripts.system import ROOT
from tests.browser.conftest import free_port, url_of_test_database
from tests.browser.doors import let_in
from tests.browser.sending import (
    BUFFERS,
    CHUNK,
    DESK,
    MB,
    PHONE,
    SLACK,
    choose,
    expect_in,
    faults,
    form_in,
    item,
    learner_with_a_unit,
    program,
    recording,
    save,
    sha256,
    stored,
)
from tests.browser.tunnels import Tunnel, tunnel
from tests.factories import Cast


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return recording(tmp_path)


@pytest.fixture
def cast() -> Cast:
    return learner_with_a_unit()


@pytest.fixture
def road(site: str) -> Iterator[Tunnel]:
    """The way to the site, which a test may cut."""
    with tunnel(site) as made:
        yield made


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def on_each(
    request: pytest.FixtureRequest, browser: Browser, road: Tunnel, cast: Cast
) -> Iterator[Page]:
    yield from form_in(browser, request.param, road, cast)


@pytest.fixture
def form(browser: Browser, road: Tunnel, cast: Cast) -> Iterator[Page]:
    yield from form_in(browser, DESK, road, cast)


# The signal


def test_a_cut_in_the_middle_of_a_part_costs_at_most_that_part(
    on_each: Page, road: Tunnel, sound: Path
) -> None:
    before = road.up
    road.cut_after(7 * MB)
    choose(on_each, sound)
    expect(item(on_each)).to_contain_text("Waiting for signal")
    road.mend()
    expect_in(on_each)
    assert road.up - before <= sound.stat().st_size + CHUNK + SLACK
    assert Transfer.objects.count() == 1
    save(on_each)
    assert stored() == [sha256(sound)]


def test_several_cuts_and_still_every_byte_is_right(form: Page, road: Tunnel, sound: Path) -> None:
    road.cut_after(random.Random(3).randrange(MB, 2 * MB))
    choose(form, sound)
    for seed in range(3):
        assert road.is_cut.wait(30)
        road.mend()
        road.cut_after(random.Random(seed).randrange(2 * MB, 3 * MB))
    assert road.is_cut.wait(30)
    expect(item(form)).to_contain_text("Waiting for signal")
    road.mend()
    expect_in(form)
    save(form)
    assert stored() == [sha256(sound)]


def test_the_browser_says_that_the_signal_is_back(form: Page, road: Tunnel, sound: Path) -> None:
    road.hold_after(7 * MB)
    choose(form, sound)
    assert road.is_held.wait(30)
    form.context.set_offline(True)
    expect(item(form)).to_contain_text("Waiting for signal")
    road.mend()
    form.context.set_offline(False)
    expect_in(form)
    save(form)
    assert stored() == [sha256(sound)]


def test_the_form_waits_with_the_file_and_then_goes_on(
    form: Page, road: Tunnel, sound: Path
) -> None:
    road.cut_after(7 * MB)
    choose(form, sound)
    expect(item(form)).to_contain_text("Waiting for signal")
    form.get_by_label("Title").fill("A talk")
    form.get_by_label("How does it show what you can do?").select_option("discussion")
    form.get_by_role("button", name="Save and go on").click()
    expect(form.get_by_text("Your files are still being sent.")).to_be_visible()
    road.mend()
    form.wait_for_url("**/claims/", timeout=45_000)
    assert stored() == [sha256(sound)]


# Pausing, going on, giving up


def test_a_paused_file_goes_on_where_it_stood(on_each: Page, road: Tunnel, sound: Path) -> None:
    before = road.up
    road.hold_after(7 * MB)
    choose(on_each, sound)
    assert road.is_held.wait(30)
    on_each.get_by_role("button", name="Pause: talk.wav").click()
    expect(item(on_each)).to_contain_text("Paused. What was sent so far is safe.")
    road.mend()
    on_each.get_by_role("button", name="Go on: talk.wav").click()
    expect_in(on_each)
    assert road.up - before <= sound.stat().st_size + CHUNK + SLACK
    save(on_each)
    assert stored() == [sha256(sound)]


def test_a_stopped_file_leaves_nothing_on_the_server(form: Page, road: Tunnel, sound: Path) -> None:
    road.hold_after(7 * MB)
    choose(form, sound)
    assert road.is_held.wait(30)
    form.get_by_role("button", name="Pause: talk.wav").click()
    road.mend()
    with form.expect_response(lambda answer: answer.request.method == "DELETE") as ended:
        form.get_by_role("button", name="Stop: talk.wav").click()
    assert ended.value.status == 204
    expect(item(form)).to_have_count(0)
    assert not Transfer.objects.exists()


def test_several_files_go_at_once_and_each_says_how_far_it_is(
    form: Page, road: Tunnel, tmp_path: Path
) -> None:
    sounds = [recording(tmp_path, f"talk-{at}.wav", megabytes=6) for at in range(3)]
    road.hold_after(5 * MB)  # less than any of them, so that none is all there, however they share
    choose(form, *sounds)
    assert road.is_held.wait(30)
    expect(item(form, "talk-0.wav")).to_contain_text("% sent")
    expect(item(form, "talk-1.wav")).to_contain_text("% sent")
    expect(item(form, "talk-2.wav")).to_contain_text("Waiting its turn")
    road.mend()
    for at in range(3):
        expect_in(form, f"talk-{at}.wav")
    save(form)
    assert stored() == sorted(sha256(each) for each in sounds)


def test_how_fast_it_goes_and_how_long_it_will_take_is_said(
    form: Page, road: Tunnel, sound: Path
) -> None:
    devtools = form.context.new_cdp_session(form)
    line = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 2 * MB}
    devtools.send("Network.emulateNetworkConditions", line)
    road.hold_after(3 * MB)  # then it stands still, and what was said of it stays
    choose(form, sound)
    words = re.compile(r"\d+ % sent, [\d.]+ [KM]B a second, \d+ (s|min) left")
    expect(item(form)).to_contain_text(words)
    road.mend()


# Reloading, closing, another tab


def test_after_a_reload_it_goes_on_by_itself(on_each: Page, road: Tunnel, sound: Path) -> None:
    before = road.up
    road.hold_after(7 * MB)
    choose(on_each, sound)
    assert road.is_held.wait(30)
    wait_until_on_disk(on_each, 4 * MB)  # the rest may lie in buffers, as on any line
    road.mend()
    on_each.reload()
    expect_in(on_each)
    assert road.up - before <= sound.stat().st_size + BUFFERS + 2 * SLACK
    assert Transfer.objects.count() == 1
    save(on_each)
    assert stored() == [sha256(sound)]


def test_a_file_that_was_in_is_still_in_after_a_reload(form: Page, sound: Path) -> None:
    choose(form, sound)
    expect_in(form)
    form.reload()
    expect_in(form)
    save(form)
    assert stored() == [sha256(sound)]
    form.go_back()
    form.reload()
    expect(form.locator(".upload[data-restored]")).to_be_visible()
    expect(item(form)).to_have_count(0)  # it was used


def test_another_tab_leaves_a_file_alone_that_is_on_its_way(
    form: Page, road: Tunnel, sound: Path
) -> None:
    road.hold_after(7 * MB)
    choose(form, sound)
    assert road.is_held.wait(30)
    address = form.url
    road.mend()
    other = form.context.new_page()
    other.goto(address)
    expect(other.locator(".upload[data-restored]")).to_be_visible()
    expect(item(other)).to_have_count(0)
    expect_in(form)


def test_the_same_file_from_two_tabs_does_no_harm(form: Page, sound: Path) -> None:
    other = form.context.new_page()
    other.goto(form.url)
    expect(other.locator(".upload[data-restored]")).to_be_visible()
    for page in (form, other):
        choose(page, sound)
    for page in (form, other):
        expect_in(page)
        save(page)
    assert stored() == [sha256(sound)] * 2


# The server


class Web:
    """A web process of its own, that a test may kill."""

    def __init__(self, broker: str) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "REDIS_URL": broker,
            "DATABASE_URL": url_of_test_database(),
            "SIGNPOST_ORIGIN": self.address,
        }
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        command = ["gunicorn", "config.wsgi", "--threads", "4", "--no-control-socket"]
        with (Path(settings.DATA_DIR) / "web-to-kill.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command, "--bind", f"127.0.0.1:{self.port}"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while not answers(self.port):
            assert self.process.poll() is None, "the web process did not start"

    def kill(self) -> None:
        """Without a word, and its workers with it."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@pytest.fixture
def web() -> Iterator[Web]:
    with redis() as broker:
        made = Web(broker)
        made.start()
        yield made
        made.kill()


def wait_until_on_disk(page: Page, size: int) -> None:
    deadline = time.monotonic() + 45
    while parts.size_of(Transfer.objects.get().pk) < size:
        assert time.monotonic() < deadline, "what was sent did not come to the disk"
        page.wait_for_timeout(100)


def test_a_killed_server_takes_nothing_along(
    browser: Browser, web: Web, cast: Cast, sound: Path
) -> None:
    with tunnel(web.address) as road:
        opened = form_in(browser, DESK, road, cast)
        page = next(opened)
        before = road.up
        road.hold_after(7 * MB)
        choose(page, sound)
        assert road.is_held.wait(30)
        wait_until_on_disk(page, 4 * MB)  # the rest may lie in buffers, as on any line
        web.kill()
        road.mend()
        expect(item(page)).to_contain_text("Waiting for signal")
        web.start()
        expect_in(page)
        assert road.up - before <= sound.stat().st_size + BUFFERS + SLACK
        assert Transfer.objects.count() == 1
        save(page)
        assert stored() == [sha256(sound)]
        opened.close()


# Refusing


def test_what_does_not_fit_is_refused_before_it_is_sent(
    form: Page, cast: Cast, tmp_path: Path
) -> None:
    Quota.objects.create(centre=cast.centre, centre_bytes=100 * MB, person_bytes=2 * MB)
    form.reload()
    expect(form.get_by_text("You have room for 2 MB more.")).to_be_visible()
    sent: list[str] = []
    form.on("request", lambda request: sent.append(request.method))
    choose(form, recording(tmp_path, megabytes=3))
    expect(item(form)).to_contain_text("There is no room for this file.")
    choose(form, *[recording(tmp_path, name, megabytes=1.5) for name in ("one.wav", "two.wav")])
    expect_in(form, "one.wav")
    expect(item(form, "two.wav")).to_contain_text("There is no room for this file.")
    assert sent.count("POST") == 1


def test_the_servers_reason_is_said_in_its_words(form: Page, tmp_path: Path) -> None:
    choose(form, program(tmp_path))
    expect(item(form, "tool.exe")).to_have_class("upload-item is-refused")
    expect(item(form, "tool.exe")).to_contain_text("program")


def test_signed_out_on_the_way_it_says_so_and_keeps_what_was_sent(
    form: Page, road: Tunnel, cast: Cast, sound: Path
) -> None:
    road.hold_after(7 * MB)
    choose(form, sound)
    assert road.is_held.wait(30)
    form.get_by_role("button", name="Pause: talk.wav").click()
    form.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    road.mend()
    form.get_by_role("button", name="Go on: talk.wav").click()
    expect(item(form)).to_contain_text("You are signed out.")
    let_in(form.context, cast.learner, road.address)
    form.get_by_role("button", name="Try again: talk.wav").click()
    expect_in(form)
    assert Transfer.objects.count() == 1


def test_without_scripts_the_form_carries_the_file(
    browser: Browser, road: Tunnel, cast: Cast, tmp_path: Path
) -> None:
    context = browser.new_context(base_url=road.address, java_script_enabled=False)
    let_in(context, cast.learner, road.address)
    page = context.new_page()
    page.goto(f"/c/{cast.centre.slug}/evidence/add/")
    short = recording(tmp_path, megabytes=1)
    choose(page, short)
    save(page)
    assert stored() == [sha256(short)]
    context.close()


def test_the_form_with_files_in_every_state_is_usable_by_all(
    form: Page, road: Tunnel, sound: Path, tmp_path: Path
) -> None:
    choose(form, recording(tmp_path, "in.wav", megabytes=1))
    expect_in(form, "in.wav")
    choose(form, program(tmp_path))
    expect(item(form, "tool.exe")).to_have_class("upload-item is-refused")
    road.cut_after(7 * MB)
    choose(form, sound)
    expect(item(form)).to_contain_text("Waiting for signal")
    assert faults(form) == []
