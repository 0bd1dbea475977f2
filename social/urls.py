"""Index of the app's pages."""

from social.boosts import urls as boosts
from social.feed import urls as feed
from social.hashtags import urls as hashtags

app_name = "social"

urlpatterns = [*boosts.urlpatterns, *feed.urlpatterns, *hashtags.urlpatterns]
