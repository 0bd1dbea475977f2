from django.urls import path

from economy.stipend import views

urlpatterns = [path("wallet/stipends/", views.stipends, name="stipends")]
