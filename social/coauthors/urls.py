"""Where co-authors answer, and where they are asked no longer."""

from django.urls import path

from social.coauthors import views

urlpatterns = [
    path("p/<uuid:post_id>/coauthor/", views.answer_coauthor, name="answer_coauthor"),
    path("p/<uuid:post_id>/coauthors/<uuid:page_id>/take-back/", views.take_back_question, name="take_back_question"),
]
