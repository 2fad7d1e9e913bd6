"""Whatever beat sends is a task that exists: a schedule for nothing is silence."""

from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings

from config.celery import app


def test_every_entry_of_the_schedule_names_a_task():
    for config in apps.get_app_configs():
        if Path(config.path, "tasks.py").exists() and not config.name.startswith("django."):
            import_module(f"{config.name}.tasks")
    app.finalize()
    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert named - set(app.tasks) == set()
