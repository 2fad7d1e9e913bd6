"""Whatever beat sends is a task that exists: a schedule for nothing is silence."""

from django.conf import settings

from config.celery import app


def test_every_entry_of_the_schedule_names_a_task():
    app.loader.import_default_modules()
    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert named - set(app.tasks) == set()
