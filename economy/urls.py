"""Index of the app's pages."""

from economy.ledger import urls as ledger
from economy.observatory import urls as observatory
from economy.rewards import urls as rewards
from economy.stipend import urls as stipend
from economy.tax import urls as tax
from economy.vault import urls as vault
from economy.withdrawals import urls as withdrawals

app_name = "economy"

urlpatterns = [
    *ledger.urlpatterns,
    *tax.urlpatterns,
    *stipend.urlpatterns,
    *observatory.urlpatterns,
    *rewards.urlpatterns,
    *vault.urlpatterns,
    *withdrawals.urlpatterns,
]
