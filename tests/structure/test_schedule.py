"""What beat calls is there: a task that a merge lost would be missed by nobody else."""

from importlib import import_module

import pytest
from django.conf import settings

from config.celery import app
from config.message_ids import APPS, ROOT

CALLED = sorted({entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()})


def test_the_schedule_is_found() -> None:
    assert len(CALLED) > 8


@pytest.mark.parametrize("name", CALLED)
def test_a_task_of_the_schedule_exists(name: str) -> None:
    for folder in APPS:
        if (ROOT / folder / "tasks.py").exists():
            import_module(f"{folder}.tasks")
    assert name in app.tasks
