"""Whatever beat sends is a task that exists: a schedule for nothing is silence."""

from celery import current_app
from django.conf import settings


def test_every_entry_of_the_schedule_names_a_task():
    current_app.loader.import_default_modules()
    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert named - set(current_app.tasks) == set()
