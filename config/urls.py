"""Every page of the site. Each app keeps the routes of its rooms."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config import health, media

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("media/<path:name>", media.media, name="media"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("config.api")),
    path("", include("accounts.urls")),
    path("", include("economy.urls")),
    path("", include("social.urls")),
]

if settings.DEBUG:
    from accounts.notifications import outbox

    urlpatterns += [
        path("dev/outbox/", outbox.outbox, name="outbox"),
        path("dev/outbox.json", outbox.outbox_json, name="outbox_json"),
    ]
