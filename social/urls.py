"""Index of the app's pages."""

from social.boosts import urls as boosts
from social.coauthors import urls as coauthors
from social.feed import urls as feed

app_name = "social"

urlpatterns = [*boosts.urlpatterns, *coauthors.urlpatterns, *feed.urlpatterns]
