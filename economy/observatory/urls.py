from django.urls import path

from economy.observatory import views

urlpatterns = [path("economy/", views.observatory, name="observatory")]
