import pytest

from tests.factories import Cast
from tests.reports.builders import Story, small


@pytest.fixture
def story(cast: Cast) -> Story:
    return small(cast)
