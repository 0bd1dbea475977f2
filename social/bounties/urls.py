"""Where bounties are."""

from django.urls import path

from social.bounties import views

urlpatterns = [path("c/<uuid:comment_id>/award/", views.award_bounty, name="award_bounty")]
