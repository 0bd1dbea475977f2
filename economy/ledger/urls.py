from django.urls import path, register_converter

from economy.ledger import views


class FourDigits:
    """A calendar year in an address, from 1970 on: ids carry no earlier time."""

    regex = "19[7-9][0-9]|[2-9][0-9]{3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04d}"


register_converter(FourDigits, "year")

urlpatterns = [
    path("wallet/", views.wallet, name="wallet"),
    path("wallet/gift/", views.send_gift, name="send_gift"),
    path("wallet/statement.csv", views.statement_csv, name="statement_csv"),
    path("wallet/movements/<uuid:transfer_id>/", views.movement, name="movement"),
    path("wallet/year/<year:number>/", views.year, name="year"),
    path("wallet/year/<year:number>.csv", views.year_csv, name="year_csv"),
]
