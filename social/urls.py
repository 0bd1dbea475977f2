"""Index of the app's pages."""

from social.boosts import urls as boosts
from social.bounties import urls as bounties
from social.feed import urls as feed
from social.polls import urls as polls

app_name = "social"

urlpatterns = [*boosts.urlpatterns, *bounties.urlpatterns, *feed.urlpatterns, *polls.urlpatterns]
