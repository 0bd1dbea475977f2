from django.urls import path

from economy.observatory import views

urlpatterns = [
    path("economy/", views.observatory, name="observatory"),
    path("economy/runs/", views.weekly_runs, name="weekly_runs"),
    path("economy/runs/<str:period>/", views.weekly_run, name="weekly_run"),
]
