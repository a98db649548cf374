"""The site as a browser meets it, before anything is done in it."""

from playwright.sync_api import Page


def test_the_sign_in_page_comes_whole(page: Page):
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(f"{said.text} {said.location}"))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "response",
        lambda answer: troubles.append(answer.url) if answer.status >= 400 else None,
    )
    answer = page.goto("/accounts/login/", wait_until="networkidle")
    assert answer is not None
    assert answer.status == 200
    assert "Content-Security-Policy".lower() in answer.headers
    assert page.get_by_role("button", name="Sign in").first.is_visible()
    assert troubles == []
