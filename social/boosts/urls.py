"""Where boosts are."""

from django.urls import path

from social.boosts import views

urlpatterns = [path("p/<uuid:post_id>/boost/", views.boost_post, name="boost_post")]
