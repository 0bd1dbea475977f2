"""Where the pages about addresses are."""

from django.urls import path

from accounts.wallets import views

urlpatterns = [
    path("settings/addresses/", views.my_addresses, name="my_addresses"),
    path("settings/addresses/text/<uuid:challenge_id>/", views.prove_address, name="prove_address"),
    path("settings/addresses/<uuid:address_id>/primary/", views.make_primary_address, name="make_primary_address"),
    path("settings/addresses/<uuid:address_id>/remove/", views.remove_address, name="remove_address"),
]
