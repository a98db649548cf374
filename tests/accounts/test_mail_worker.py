"""Processes of their own that mail the same notices: one killed half-way, two at once."""

import os
import re
import subprocess
import sys

from accounts.mailing import mail_at_once
from accounts.models import Notice, User
from accounts.notices import tell
from scripts.system import ROOT
from tests.accounts.mail_server import MailServer
from tests.factories import Cast, make_cast

MAIL = "from accounts.tasks import mail_notices; mail_notices()"


def told(cast: Cast, person: User, number: int) -> None:
    tell(
        recipient=person,
        centre=cast.centre,
        kind="decided",
        about=f"submission:{number}",
        text="Evidence was looked at.",
        path="/",
    )


def worker(database: str, server: MailServer) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DATABASE_URL": database, "EMAIL_URL": server.url}
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-v0", "-c", MAIL]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def links(messages: list[str]) -> list[str]:
    return [link for each in messages for link in re.findall(r"/notices/\d+/", each)]


def test_killed_when_the_mail_server_had_it_all_but_had_not_answered(
    shared_database: str,
    mailoutbox: list,
) -> None:
    """Nobody can know that it went out; so the next worker leaves it, and mails what is new."""
    cast = make_cast()
    User.objects.update(password="set")
    told(cast, cast.learner, 1)
    with MailServer(silent=True) as server:
        process = worker(shared_database, server)
        assert server.given.wait(timeout=60)
        process.kill()
        process.wait()
    assert len(links(server.messages)) == 1
    mail_at_once()
    assert mailoutbox == []
    assert Notice.objects.unread().count() == 1  # the page still says it
    told(cast, cast.learner, 2)
    mail_at_once()
    assert len(mailoutbox) == 1


def test_two_workers_at_once_mail_each_notice_once(
    shared_database: str,
) -> None:
    cast = make_cast()
    User.objects.update(password="set")
    for person in cast.people().values():
        for number in range(10):
            told(cast, person, number)
    with MailServer() as server:
        workers = [worker(shared_database, server) for _each in range(2)]
        assert [each.wait(timeout=120) for each in workers] == [0, 0]
    found = links(server.messages)
    assert len(found) == len(set(found)) == 80
