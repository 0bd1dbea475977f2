"""Index of the app's pages."""

from social.boosts import urls as boosts
from social.bounties import urls as bounties
from social.coauthors import urls as coauthors
from social.drafts import urls as drafts
from social.feed import urls as feed
from social.hashtags import urls as hashtags
from social.pictures import urls as pictures
from social.polls import urls as polls
from social.search import urls as search

app_name = "social"

urlpatterns = [
    *boosts.urlpatterns,
    *bounties.urlpatterns,
    *coauthors.urlpatterns,
    *drafts.urlpatterns,
    *feed.urlpatterns,
    *hashtags.urlpatterns,
    *pictures.urlpatterns,
    *polls.urlpatterns,
    *search.urlpatterns,
]
