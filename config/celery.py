"""The Celery application. Every task is found in an app's `tasks.py`."""

from typing import Any

from celery import Celery, signals

app = Celery("huisheng")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.worker_init.connect
@signals.beat_init.connect
def look_before_working(**kwargs: Any) -> None:
    """A worker or beat with wrong settings ends at once, as the web does."""
    import django

    from config.startup import refuse_when_wrong

    django.setup()
    refuse_when_wrong()
