"""Index of the app's pages."""

from social.boosts import urls as boosts
from social.feed import urls as feed
from social.search import urls as search
from social.sharing import urls as sharing

app_name = "social"

urlpatterns = [*boosts.urlpatterns, *feed.urlpatterns, *search.urlpatterns, *sharing.urlpatterns]
