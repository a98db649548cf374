"""docker-compose.yml as Compose would see it, without Docker."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from scripts.system import ROOT

# What the file's own comment tells an operator to put into .env, and nothing more.
DOT_ENV = {
    "SIGNPOST_HOST": "portfolio.example",
    "SIGNPOST_SECRET_KEY": "k" * 60,
    "POSTGRES_PASSWORD": "letters0digits",
    "SIGNPOST_TLS_DIR": "./tls",
}
OURS = ["web", "uploads", "worker", "beat", "migrate"]

VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<text>[^}]*))?\}")


class MissingVariableError(Exception):
    pass


def read() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def interpolate(node: Any, given: Mapping[str, str]) -> Any:
    if isinstance(node, dict):
        return {key: interpolate(value, given) for key, value in node.items()}
    if isinstance(node, list):
        return [interpolate(value, given) for value in node]
    if isinstance(node, str):
        return VARIABLE.sub(lambda match: _value(match, given), node)
    return node


def _value(match: re.Match[str], given: Mapping[str, str]) -> str:
    name = match["name"]
    if name is None:
        return "$"
    if given.get(name):
        return given[name]
    if match["kind"] == "-":
        return match["text"]
    raise MissingVariableError(name)


def command(test: list[str]) -> list[str]:
    """What a health check's list runs inside the container."""
    return test[1:] if test[0] == "CMD" else ["sh", "-c", test[1]]
