"""The Celery application. Every task is found in an app's `tasks.py`."""

from celery import Celery

app = Celery("huisheng")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
