from django.urls import path

from economy.rewards import views

urlpatterns = [path("wallet/rewards/", views.my_rewards, name="my_rewards")]
