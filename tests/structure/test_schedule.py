"""What beat calls is there: a task that a merge lost would be missed by nobody else."""

import pytest
from django.conf import settings

from config.celery import app

app.loader.import_default_modules()
CALLED = sorted({entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()})


def test_the_schedule_is_found() -> None:
    assert len(CALLED) > 8


@pytest.mark.parametrize("name", CALLED)
def test_a_task_of_the_schedule_exists(name: str) -> None:
    assert name in app.tasks
