"""Index of the app's pages."""

from social.boosts import urls as boosts
from social.feed import urls as feed
from social.pictures import urls as pictures

app_name = "social"

urlpatterns = [*boosts.urlpatterns, *pictures.urlpatterns, *feed.urlpatterns]
