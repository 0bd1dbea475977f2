"""Index of the app's pages."""

from django.urls import path

app_name = "economy"

urlpatterns: list = []
