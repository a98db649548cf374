"""Pages that ask for themselves while an export is under way, and come to rest with it."""

from reports.models import Report
from tests.reports.test_pages import admin, at, portfolio, report_of

__all__ = ["admin", "portfolio"]  # fixtures


def test_it_asks_again_only_while_something_is_under_way(admin, cast, portfolio):
    report = report_of(portfolio, cast, "queued")
    page = admin.get(at(cast, "list")).content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert ">Refresh</a>" in page
    Report.objects.filter(pk=report.pk).update(status="failed")
    page = admin.get(at(cast, "list")).content.decode()
    assert "hx-trigger" not in page
    assert "Refresh" not in page


def test_the_fragment_is_the_list_alone(admin, cast, portfolio):
    report_of(portfolio, cast, "running", progress=40)
    page = admin.get(at(cast, "list"), headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith('<div id="exports"')
    assert "<html" not in page


def test_listeners_are_interrupted_by_news_only(admin, cast, portfolio):
    report_of(portfolio, cast, "running", progress=40)
    ask = lambda **seen: admin.get(  # noqa: E731
        at(cast, "list"), seen, headers={"HX-Request": "true"}
    ).content.decode()
    assert "hx-swap-oob" not in ask(under_way=1)
    assert "1 export is still under way." in ask(under_way=2)


def test_the_page_asks_for_itself_while_it_is_being_made(admin, cast, portfolio):
    report = report_of(portfolio, cast, "running", progress=40)
    assert 'hx-trigger="every 2s"' in admin.get(at(cast, "report", report)).content.decode()
    fragment = admin.get(at(cast, "report", report), headers={"HX-Request": "true"})
    assert fragment.content.decode().lstrip().startswith('<div id="export"')
    assert "hx-swap-oob" not in fragment.content.decode()
    Report.objects.update(status="failed", error="No room.")
    page = admin.get(at(cast, "report", report)).content.decode()
    assert "hx-trigger" not in page
    assert "No room." in page


def test_the_last_answer_brings_all_of_the_page_and_tells_those_who_listen(admin, cast, portfolio):
    report = report_of(portfolio, cast, "done")
    page = admin.get(at(cast, "report", report)).content.decode()
    assert '<p class="visually-hidden" role="status" id="exports-news"></p>' in page
    part = admin.get(at(cast, "report", report), headers={"HX-Request": "true"}).content.decode()
    assert "This export is now “Ready”." in part
    assert "Who took a copy" in part
    assert at(cast, "withdraw", report) in part
    assert "hx-trigger" not in part


def test_a_tab_that_was_left_open_goes_on_after_signing_out_and_in_again(admin, cast, portfolio):
    report = report_of(portfolio, cast, "running", progress=40)
    tabs = (at(cast, "list"), at(cast, "report", report))
    ask = lambda tab: admin.get(tab, headers={"HX-Request": "true"})  # noqa: E731
    admin.logout()
    for tab in tabs:
        # Not the sign-in page in place of the part; htmx leaves the tab as it is, and asks again.
        assert (ask(tab).status_code, ask(tab).content) == (401, b"You are signed out.")
    admin.force_login(cast.admin)
    Report.objects.update(progress=70)
    for tab in tabs:
        assert "70 %" in ask(tab).content.decode()
