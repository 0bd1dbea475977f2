"""The jobs' application: tasks are found in each app's `tasks.py`, schedules live in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("civitas")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
