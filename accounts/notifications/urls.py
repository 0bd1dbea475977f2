"""Where the pages about notifications are."""

from django.urls import path

from accounts.notifications import unsubscribe, views

urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.read_all_notifications, name="read_all_notifications"),
    path("notifications/unread/", views.unread_notifications, name="unread_notifications"),
    path("notifications/<uuid:notification_id>/", views.open_notification, name="open_notification"),
    path("settings/notifications/", views.choose_notices, name="choose_notices"),
    path("unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
]
