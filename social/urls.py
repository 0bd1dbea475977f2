"""Index of the app's pages."""

from social.feed import urls as feed

app_name = "social"

urlpatterns = [*feed.urlpatterns]
