"""Routes of the room."""

from django.urls import path

from accounts.departures import views

urlpatterns = [
    path("settings/data/", views.my_data, name="my_data"),
    path("settings/data/export/", views.ask_for_export, name="ask_for_export"),
    path("settings/data/close/", views.close_account, name="close_account"),
    path("settings/data/<uuid:export_id>/", views.fetch_export, name="fetch_export"),
    path("good-bye/", views.account_closed, name="account_closed"),
]
