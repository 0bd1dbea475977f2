"""Index of the app's pages."""

from social.boosts import urls as boosts
from social.drafts import urls as drafts
from social.feed import urls as feed
from social.pictures import urls as pictures

app_name = "social"

urlpatterns = [*boosts.urlpatterns, *drafts.urlpatterns, *pictures.urlpatterns, *feed.urlpatterns]
