"""Routes of the room."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
