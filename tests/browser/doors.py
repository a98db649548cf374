"""Coming in without the form: a session, as the sign-in page makes it, and its cookie. The form
itself is filled in by the main job, without scripts, and from an e-mail."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from accounts.models import User
from tests.architecture.matrix import BACKEND

HOST = "http://127.0.0.1"  # of the site; a cookie is for every port


def let_in(context: BrowserContext, user: User, address: str) -> None:
    client = Client()
    client.force_login(user, backend=BACKEND)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": address}
    context.add_cookies([cookie])  # type: ignore[list-item]


def sign_in(page: Page, user: User) -> None:
    let_in(page.context, user, HOST)
