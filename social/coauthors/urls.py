"""Where co-authors answer."""

from django.urls import path

from social.coauthors import views

urlpatterns = [path("p/<uuid:post_id>/coauthor/", views.answer_coauthor, name="answer_coauthor")]
