"""Where the pages of search are."""

from django.urls import path

from social.search import views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/suggest/", views.suggest, name="suggest"),
]
