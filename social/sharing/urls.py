"""Where programs find feeds, sitemaps and robots.txt."""

from django.urls import path

from social.sharing import views

urlpatterns = [
    path("atom/", views.hot_atom, name="hot_atom"),
    path("@<str:username>/atom/", views.page_atom, name="page_atom"),
    path("tags/<str:name>/atom/", views.tag_atom, name="tag_atom"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemaps, name="sitemaps"),
    path("sitemap-<slug:section>.xml", views.sitemap, name="sitemap"),
]
