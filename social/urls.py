"""Index of the app's pages."""

from social.boosts import urls as boosts
from social.feed import urls as feed

app_name = "social"

urlpatterns = [*boosts.urlpatterns, *feed.urlpatterns]
