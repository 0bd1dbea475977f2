"""Where polls are."""

from django.urls import path

from social.polls import views

urlpatterns = [
    path("p/<uuid:post_id>/poll/", views.poll, name="poll"),
    path("p/<uuid:post_id>/vote/", views.vote, name="vote"),
]
