from django.urls import path

from economy.vault import views

urlpatterns = [path("wallet/vault/", views.vault, name="vault")]
