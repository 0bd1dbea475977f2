"""Where hashtags are."""

from django.urls import path

from social.hashtags import views

urlpatterns = [path("tags/<str:name>/", views.tag, name="tag")]
