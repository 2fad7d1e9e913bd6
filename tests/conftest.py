import pytest

from accounts import throttles
from tests.people import *  # noqa: F403 - the cast


@pytest.fixture(autouse=True)
def rate_limits_are_awake():
    """They rest for five seconds after Valkey kept a call waiting, which an earlier test may have met."""
    throttles._asleep_until = 0.0
