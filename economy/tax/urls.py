from django.urls import path

from economy.tax import views

urlpatterns = [path("wallet/taxes/", views.taxes, name="taxes")]
