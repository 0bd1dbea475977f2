"""The product's addresses, and one whose page is the same to look at but asks nobody for anything."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

# By name: the template of a page and all that it was drawn with.
prepared: dict[str, tuple[str, dict[str, Any]]] = {}


def draw(request: HttpRequest, name: str) -> HttpResponse:
    """A page from what is at hand: the template's own cost, with all that surrounds every request."""
    template, context = prepared[name]
    return render(request, template, context)


urlpatterns = [path("drawn/<str:name>/", draw), path("", include("config.urls"))]
