"""Where pictures are sent."""

from django.urls import path

from social.pictures import views

urlpatterns = [path("pictures/", views.send_picture, name="send_picture")]
