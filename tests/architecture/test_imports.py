"""Who may import whom is held by import-linter; here, that its contracts forget no room."""

import tomllib

from django.apps import apps

from scripts.system import ROOT

ORDER = ["ledger", "accounts", "files", "standards", "portfolio", "assessments", "quality"]
ORDER += ["reports", "demo"]

LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]


def rooms() -> set[str]:
    ours = (app for app in apps.get_app_configs() if app.path.startswith(str(ROOT)))
    return {app.name for app in ours if ".venv" not in app.path}


def test_every_room_is_in_every_contract():
    by_name = {contract["name"]: contract for contract in LINTER["contracts"]}
    layers = by_name["A room imports only the rooms to its left"]
    no_config = by_name["Nothing imports config"]
    pdf = by_name["Only the middle of reports knows the PDF maker"]
    assert set(layers["layers"]) == rooms()
    assert set(no_config["source_modules"]) == rooms()
    assert set(pdf["source_modules"]) == rooms() | {"config"}
    assert set(LINTER["root_packages"]) == rooms() | {"config"}


def test_the_rooms_stand_in_the_plans_order():
    layers = LINTER["contracts"][0]["layers"]
    assert layers[::-1] == [room for room in ORDER if room in layers]
