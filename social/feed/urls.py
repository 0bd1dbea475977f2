"""Where the feed's pages are."""

from django.urls import path

from social.feed import views

urlpatterns = [
    path("", views.feed_hot, name="feed_hot"),
    path("following/", views.feed_following, name="feed_following"),
    path("trending/", views.feed_trending, name="feed_trending"),
    path("new/", views.feed_new, name="feed_new"),
    path("gems/", views.feed_gems, name="feed_gems"),
    path("settings/feeds/", views.choose_feeds, name="choose_feeds"),
    path("write/", views.write_post, name="write_post"),
    path("write/price/", views.price_of_post, name="price_of_post"),
    path("p/<uuid:post_id>/", views.read_post, name="read_post"),
    path("p/<uuid:post_id>/edit/", views.edit_post, name="edit_post"),
    path("p/<uuid:post_id>/history/", views.history_of_post, name="history_of_post"),
    path("p/<uuid:post_id>/remove/", views.remove_post, name="remove_post"),
    path("p/<uuid:post_id>/pin/", views.pin_post, name="pin_post"),
    path("p/<uuid:post_id>/unpin/", views.unpin_post, name="unpin_post"),
    path("p/<uuid:post_id>/tip/", views.tip_post, name="tip_post"),
    path("p/<uuid:post_id>/comments/", views.write_comment, name="write_comment"),
    path("c/<uuid:comment_id>/edit/", views.edit_comment, name="edit_comment"),
    path("c/<uuid:comment_id>/history/", views.history_of_comment, name="history_of_comment"),
    path("c/<uuid:comment_id>/remove/", views.remove_comment, name="remove_comment"),
    path("c/<uuid:comment_id>/tip/", views.tip_comment, name="tip_comment"),
    path("tips/<uuid:tip_id>/back/", views.take_back, name="take_back"),
    path("@<str:username>/", views.page, name="page"),
    path("@<str:username>/followers/", views.followers, name="followers"),
    path("@<str:username>/follow/", views.follow, name="follow"),
    path("@<str:username>/unfollow/", views.unfollow, name="unfollow"),
]
