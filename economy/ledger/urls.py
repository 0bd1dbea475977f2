from django.urls import path

from economy.ledger import views

urlpatterns = [
    path("wallet/", views.wallet, name="wallet"),
    path("wallet/gift/", views.send_gift, name="send_gift"),
    path("wallet/statement.csv", views.statement_csv, name="statement_csv"),
]
