from django.urls import path

from economy.withdrawals import views

urlpatterns = [
    path("wallet/withdrawals/", views.withdrawals, name="withdrawals"),
    path("wallet/withdrawals/ask/", views.ask_for_withdrawal, name="ask_for_withdrawal"),
    path("wallet/withdrawals/<uuid:request_id>/", views.withdrawal, name="withdrawal"),
    path("wallet/withdrawals/<uuid:request_id>/cancel/", views.cancel_withdrawal, name="cancel_withdrawal"),
]
