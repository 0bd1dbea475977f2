"""The API's one list of endpoints (interfaces.md). Each line is a room's view; the words are the room's own."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from accounts.members import api as members
from accounts.signin import api as signin

from economy.ledger import api as ledger
from economy.observatory import api as observatory

app_name = "api"

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    # economy: ledger, observatory
    path("me/wallet", ledger.WalletView.as_view(), name="wallet"),
    path("me/transactions", ledger.TransactionsView.as_view(), name="transactions"),
    path("transfers", ledger.TransfersView.as_view(), name="transfers"),
    path("economy/state", observatory.StateView.as_view(), name="economy_state"),
    path("economy/history", observatory.HistoryView.as_view(), name="economy_history"),
    path("economy/brackets", observatory.BracketsView.as_view(), name="economy_brackets"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    # accounts.signin
    path("auth/send-code", signin.SendCodeView.as_view(), name="send_code"),
    path("auth/verify-code", signin.VerifyCodeView.as_view(), name="verify_code"),
    path("auth/refresh", signin.RefreshView.as_view(), name="refresh"),
    path("auth/logout", signin.LogoutView.as_view(), name="logout"),
    # accounts.members
    path("me", members.MeView.as_view(), name="me"),
    path("me/pages", members.MyPagesView.as_view(), name="my_pages"),
    path("pages/<str:username>", members.PageView.as_view(), name="page"),
]
