"""Index of the app's pages."""

from accounts.badges import urls as badges
from accounts.departures import urls as departures
from accounts.invitations import urls as invitations
from accounts.members import urls as members
from accounts.notifications import urls as notifications
from accounts.signin import urls as signin
from accounts.wallets import urls as wallets

app_name = "accounts"

urlpatterns = [
    *signin.urlpatterns,
    *members.urlpatterns,
    *invitations.urlpatterns,
    *departures.urlpatterns,
    *notifications.urlpatterns,
    *wallets.urlpatterns,
    *badges.urlpatterns,
]
