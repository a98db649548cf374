"""Asks every address as every role."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from tests.architecture.world import World

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ROLES = (
    "learner",
    "second_learner",
    "assessor",
    "other_assessor",
    "trainee",
    "iqa",
    "admin",
    "data_lead",
)


@dataclass(frozen=True)
class Row:
    """An address, what its arguments stand for in the world, and each role's answer."""

    name: str
    method: str
    things: Mapping[str, str]
    answers: tuple[int, ...]

    def __str__(self) -> str:
        things = ",".join(f"{arg}={thing}" for arg, thing in self.things.items())
        return f"{self.method} {self.name} {things}".strip()


def rows(table: str) -> list[Row]:
    """Read the table: name, method, arguments as arg=thing,… or "-", one answer a role."""
    found = []
    for line in table.strip().splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, method, arguments, *answers = line.split()
        pairs = [] if arguments == "-" else arguments.split(",")
        things = dict(pair.split("=") for pair in pairs)
        found.append(Row(name, method, things, tuple(int(answer) for answer in answers)))
    return found


def names() -> set[str]:
    """Every address that the project itself answers (Django's admin guards itself)."""
    return {name for name, _ in _walk(get_resolver()) if not name.startswith("admin:")}


def _walk(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", str(entry.pattern)
        else:
            yield from _walk(entry, f"{space}{entry.namespace}:" if entry.namespace else space)


class Visitors:
    """One signed-in browser a person; signing in is the slow part."""

    def __init__(self, people: Iterable[User]) -> None:
        self.clients: dict[int | None, Client] = {None: Client(raise_request_exception=False)}
        for user in people:
            self.clients[user.pk] = Client(raise_request_exception=False)
            self.clients[user.pk].force_login(user, backend=BACKEND)

    def ask(self, world: World, row: Row, user: User | None, *, centre: str | None) -> int:
        """The status of the answer; whatever the request changed is undone."""
        kwargs: dict[str, Any] = {arg: world.things[thing] for arg, thing in row.things.items()}
        if centre:
            kwargs["centre"] = centre
        address = reverse(row.name, kwargs=kwargs)
        client = self.clients[user.pk if user else None]
        mark = transaction.savepoint()
        answer = getattr(client, row.method.lower())(address)
        transaction.savepoint_rollback(mark)
        return answer.status_code
