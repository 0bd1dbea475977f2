"""The site as it is in DEBUG, where the outbox has its routes."""

from django.urls import path

from accounts.notifications import outbox
from config.urls import urlpatterns as site

urlpatterns = [
    *site,
    path("dev/outbox/", outbox.outbox, name="outbox"),
    path("dev/outbox.json", outbox.outbox_json, name="outbox_json"),
]
