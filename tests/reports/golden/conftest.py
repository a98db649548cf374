import pytest

from tests.factories import Cast
from tests.reports.golden.building import golden
from tests.reports.golden.printing import Printed, printed


@pytest.fixture(scope="module")
def kept() -> list[Printed]:
    return []


@pytest.fixture
def sample(kept: list[Printed], cast: Cast, tmp_path_factory) -> Printed:
    """Built and printed by the first test that asks; the others only read the file."""
    if not kept:
        kept.append(printed(golden(cast), tmp_path_factory.mktemp("golden")))
    return kept[0]
