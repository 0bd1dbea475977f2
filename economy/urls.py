"""Index of the app's pages."""

from economy.ledger import urls as ledger
from economy.observatory import urls as observatory

app_name = "economy"

urlpatterns = [*ledger.urlpatterns, *observatory.urlpatterns]
