"""Where members' pages are."""

from django.urls import path

from accounts.members import views

urlpatterns = [
    path("settings/", views.settings, name="settings"),
]
