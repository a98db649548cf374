"""What each small module does, and that its page does without."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.look.conftest import Stage

PHOTO = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"j" * 2_500_000}
NOTE = {"name": "<b>note</b>.txt", "mimeType": "text/plain", "buffer": b"n" * 40_000}


def kept(page: Page) -> list[str]:
    return [each.input_value() for each in page.locator("input[name=uploads]").all()]


OCTETS = "application/offset+octet-stream"


def speak_tus(stage: Stage, number: str = "12") -> None:
    """Take in what comes, with the first request or in one part, and give it this number."""

    def begin(route: Route) -> None:
        length = route.request.headers["upload-length"]
        is_in = {"Upload-Offset": length, "Upload-Length": length, "Signpost-Upload": number}
        place = f"/upload/{len(stage.answers)}/"
        stage.answers[place] = lambda part: part.fulfill(status=204, headers=is_in)
        came_along = route.request.headers.get("content-type") == OCTETS
        route.fulfill(status=201, headers={"Location": place, **(is_in if came_along else {})})

    stage.answers["/upload/"] = begin


class TestUploads:
    @pytest.fixture(autouse=True)
    def _server_takes_them(self, stage: Stage):
        speak_tus(stage)
        stage.json("/saved/", 200, {})

    def test_a_chosen_file_goes_off_at_once_and_the_form_carries_its_number(
        self, look: Page, stage: Stage
    ):
        look.goto("/form/")
        look.get_by_label("Files").set_input_files(PHOTO)
        expect(look.locator(".upload-item.is-in .upload-note")).to_have_text("Added")
        expect(look.get_by_role("status").filter(has_text="photo.jpg is added.")).to_have_count(1)
        expect(look.get_by_text("2.4 MB")).to_be_visible()
        assert kept(look) == ["12"]
        assert len(stage.sent("/upload/")) == 1
        look.get_by_role("button", name="Save evidence").click()
        look.wait_for_url("**/saved/")
        [form] = stage.sent("/saved/")
        assert b'name="uploads"\r\n\r\n12' in form
        assert b"photo.jpg" not in form  # the bytes travel once

    def test_what_is_sent_carries_the_token(self, look: Page, stage: Stage):
        tokens: list[str | None] = []
        answer = stage.answers["/upload/"]

        def note(route: Route) -> None:
            tokens.append(route.request.header_value("x-csrftoken"))
            answer(route)

        stage.answers["/upload/"] = note
        look.goto("/form/")
        look.get_by_label("Files").set_input_files(PHOTO)
        expect(look.locator(".upload-item.is-in")).to_be_visible()
        assert tokens == [look.locator("input[name=csrfmiddlewaretoken]").first.input_value()]

    def test_a_name_is_text_and_never_markup(self, look: Page):
        look.goto("/form/")
        look.get_by_label("Files").set_input_files(NOTE)
        expect(look.locator(".upload-name")).to_contain_text("<b>note</b>.txt 39.1 KB")
        assert look.locator(".upload b").count() == 0

    def test_a_refusal_is_said_in_the_servers_words(
        self, look: Page, stage: Stage, complaints: list[str]
    ):
        stage.answers["/upload/"] = lambda route: route.fulfill(
            status=422, body="This is no picture.", content_type="text/plain; charset=utf-8"
        )
        look.goto("/form/")
        look.get_by_label("Files").set_input_files(PHOTO)
        refused = look.locator(".upload-item.is-refused")
        expect(refused.locator(".upload-note")).to_have_text("This is no picture.")
        assert kept(look) == []
        speak_tus(stage, "13")
        refused.get_by_role("button", name="Try again: photo.jpg").click()
        expect(look.locator(".upload-item.is-in")).to_be_visible()
        assert kept(look) == ["13"]
        forget(complaints, "422")

    @pytest.mark.parametrize(
        ("status", "words"),
        [(413, "This file is too large."), (403, "You are signed out."), (422, "Try again.")],
    )
    def test_an_answer_that_is_not_ours_is_put_into_words(
        self, look: Page, stage: Stage, complaints: list[str], status: int, words: str
    ):
        stage.answers["/upload/"] = lambda route: route.fulfill(status=status, body="<h1>no</h1>")
        look.goto("/form/")
        look.get_by_label("Files").set_input_files(PHOTO)
        expect(look.locator(".upload-item.is-refused")).to_contain_text(words)
        forget(complaints, str(status))

    @pytest.mark.parametrize(
        ("trouble", "words"),
        [
            (lambda route: route.abort(), "Waiting for signal."),
            (lambda route: route.fulfill(status=502), "The server does not answer just now."),
        ],
        ids=["no-signal", "no-server"],
    )
    def test_what_passes_is_waited_for(
        self, look: Page, stage: Stage, complaints: list[str], trouble: Any, words: str
    ):
        stage.answers["/upload/"] = trouble
        look.goto("/form/")
        look.get_by_label("Files").set_input_files(PHOTO)
        expect(look.locator(".upload-item.is-waiting")).to_contain_text(words)
        speak_tus(stage)
        expect(look.locator(".upload-item.is-in")).to_be_visible(timeout=30_000)
        complaints.clear()  # the browser notes each time that it failed

    def test_a_file_over_the_limit_is_not_even_sent(self, look: Page, stage: Stage):
        look.goto("/form/")
        big = {**PHOTO, "buffer": b"x" * 5_000_001}
        look.get_by_label("Files").set_input_files(big)
        expect(look.locator(".upload-item.is-refused")).to_contain_text("too large")
        assert stage.sent("/upload/") == []

    def test_a_file_taken_out_is_not_carried(self, look: Page):
        look.goto("/form/")
        look.get_by_label("Files").set_input_files([PHOTO, NOTE])
        look.get_by_role("button", name="Remove: photo.jpg").click()
        expect(look.locator(".upload-item")).to_have_count(1)
        assert kept(look) == ["12"]
        expect(look.get_by_role("status").filter(has_text="photo.jpg is taken out.")).to_have_count(
            1
        )

    def test_the_form_waits_for_a_file_on_its_way_and_then_goes_on(self, look: Page, stage: Stage):
        waiting: list[Route] = []
        answer = stage.answers["/upload/"]
        stage.answers["/upload/"] = waiting.append
        look.goto("/form/")
        look.get_by_label("Files").set_input_files(PHOTO)
        look.get_by_role("button", name="Save evidence").click()
        expect(look.get_by_text("Your files are still being sent.")).to_be_visible()
        assert stage.sent("/saved/") == []
        answer(waiting[0])
        look.wait_for_url("**/saved/")
        [form] = stage.sent("/saved/")
        assert b'name="uploads"\r\n\r\n12' in form
        assert b'name="then"\r\n\r\nclaim' in form  # the button that was pressed

    def test_a_file_may_be_stopped_on_its_way(self, look: Page, stage: Stage):
        stage.answers["/upload/"] = lambda route: None
        look.goto("/form/")
        look.get_by_label("Files").set_input_files(PHOTO)
        look.get_by_role("button", name="Stop: photo.jpg").click()
        expect(look.locator(".upload-item")).to_have_count(0)
        look.get_by_role("button", name="Save evidence").click()
        look.wait_for_url("**/saved/")  # nothing holds the form any more

    def test_files_may_be_dropped(self, look: Page):
        look.goto("/form/")
        look.evaluate(
            """() => {
              const carried = new DataTransfer();
              carried.items.add(new File(["abc"], "dropped.txt"));
              const drop = new DragEvent("drop", {dataTransfer: carried, cancelable: true});
              document.querySelector(".upload").dispatchEvent(drop);
            }"""
        )
        expect(look.locator(".upload-item.is-in")).to_contain_text("dropped.txt")

    def test_without_scripts_the_form_carries_the_file(self, no_script: Page, stage: Stage):
        no_script.goto("/form/")
        no_script.get_by_label("Files").set_input_files(NOTE)
        no_script.get_by_role("button", name="Save evidence").click()
        no_script.wait_for_url("**/saved/")
        [form] = stage.sent("/saved/")
        assert b'name="files"; filename="<b>note</b>.txt"' in form


class TestConfirm:
    @pytest.fixture(autouse=True)
    def _server(self, stage: Stage):
        stage.json("/saved/", 200, {})

    def test_no_means_no_and_the_focus_returns(self, look: Page, stage: Stage):
        look.goto("/form/")
        look.get_by_role("button", name="Throw away").click()
        dialog = look.get_by_role("dialog", name="Throw it away?")
        expect(dialog.get_by_role("button", name="No, go back")).to_be_focused()
        look.keyboard.press("Enter")
        expect(dialog).to_have_count(0)
        expect(look.get_by_role("button", name="Throw away")).to_be_focused()
        assert stage.sent("/saved/") == []

    def test_escape_means_no(self, look: Page, stage: Stage):
        look.goto("/form/")
        look.get_by_role("button", name="Throw away").click()
        look.keyboard.press("Escape")
        expect(look.get_by_role("dialog")).to_have_count(0)
        assert stage.sent("/saved/") == []

    def test_yes_sends_the_form_with_the_button_that_was_pressed(self, look: Page, stage: Stage):
        look.goto("/form/")
        look.get_by_role("button", name="Throw away").click()
        look.get_by_role("button", name="Yes, go on").click()
        look.wait_for_url("**/saved/")
        [form] = stage.sent("/saved/")
        assert b'name="then"\r\n\r\nbin' in form

    def test_without_scripts_it_is_sent_at_once(self, no_script: Page):
        no_script.goto("/form/")
        no_script.get_by_role("button", name="Throw away").click()
        no_script.wait_for_url("**/saved/")


def test_a_form_on_its_way_is_not_sent_twice_and_says_so(look: Page, stage: Stage):
    stage.answers["/saved/"] = lambda route: route.fulfill(status=204)  # the page stays
    look.goto("/form/")
    look.clock.install()
    save = look.get_by_role("button", name="Save evidence")
    save.dispatch_event("click")
    expect(save).to_have_attribute("aria-disabled", "true")
    save.dispatch_event("click")
    look.clock.run_for(1100)
    expect(look.locator(".form-busy").last).to_have_text("Working on it…")
    assert len(stage.sent("/saved/")) == 1
    look.clock.run_for(20_000)  # a download would leave the page standing: it may go again
    expect(save).not_to_have_attribute("aria-disabled", "true")
    save.dispatch_event("click")
    expect(save).to_have_attribute("aria-disabled", "true")


class TestEditor:
    @pytest.fixture
    def area(self, look: Page) -> Any:
        look.goto("/form/")
        return look.get_by_label("What did you do?")

    def test_lines_become_a_list_and_lines_again(self, look: Page, area: Any):
        area.fill("one\ntwo")
        area.select_text()
        look.get_by_role("button", name="List", exact=True).click()
        expect(area).to_have_value("- one\n- two")
        area.select_text()
        look.get_by_role("button", name="Numbered list").click()
        expect(area).to_have_value("1. one\n2. two")
        area.select_text()
        look.get_by_role("button", name="Numbered list").click()
        expect(area).to_have_value("one\ntwo")

    def test_bold_surrounds_the_selection_also_by_keyboard(self, look: Page, area: Any):
        area.fill("mine")
        area.select_text()
        area.press("Control+b")
        expect(area).to_have_value("**mine**")
        area.press("Control+z")
        expect(area).to_have_value("mine")

    def test_bold_with_nothing_selected_waits_between_the_marks(self, look: Page, area: Any):
        look.get_by_role("button", name="Bold").click()
        look.keyboard.type("now")
        expect(area).to_have_value("**now**")

    def test_the_bar_is_one_stop_and_the_arrows_walk_it(self, look: Page, area: Any):
        look.get_by_role("button", name="List", exact=True).focus()
        look.keyboard.press("ArrowLeft")
        expect(look.get_by_role("button", name="Bold")).to_be_focused()
        look.keyboard.press("Tab")
        expect(area).to_be_focused()


class TestPolling:
    def poll(self, look: Page, stage: Stage) -> None:
        stage.page("part", pages=2)
        look.evaluate("document.body.dispatchEvent(new Event('again'))")
        expect(look.get_by_text("Page 2")).to_be_visible()

    def test_the_focus_stays_where_it_was(self, look: Page, stage: Stage):
        look.goto("/calm/", wait_until="networkidle")
        look.get_by_role("link", name="Stop").focus()
        self.poll(look, stage)
        expect(look.get_by_role("link", name="Stop")).to_be_focused()

    def test_what_was_open_stays_open(self, look: Page, stage: Stage):
        look.goto("/calm/", wait_until="networkidle")
        look.get_by_text("Why").click()
        self.poll(look, stage)
        expect(look.get_by_text("Because.")).to_be_visible()

    def test_a_failure_in_the_background_is_told(
        self, look: Page, stage: Stage, complaints: list[str]
    ):
        look.goto("/calm/", wait_until="networkidle")
        look.evaluate("document.body.dispatchEvent(new Event('again'))")
        expect(look.locator("#live-notice")).to_contain_text("That did not work.")
        self.poll(look, stage)
        expect(look.locator("#live-notice")).to_be_empty()
        forget(complaints, "404")


def test_a_menu_closes_by_escape_and_gives_the_focus_back(look: Page):
    look.goto("/calm/")
    summary = look.locator("#account-menu > summary")
    summary.click()
    expect(look.get_by_role("button", name="Sign out")).to_be_visible()
    look.keyboard.press("Tab")
    look.keyboard.press("Escape")
    expect(look.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(summary).to_be_focused()


def forget(complaints: list[str], expected: str) -> None:
    """The one failure that the test itself brought about; any other still counts."""
    known = [each for each in complaints if re.search(expected, each)]
    assert known
    for each in known:
        complaints.remove(each)
