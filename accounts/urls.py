"""Index of the app's pages."""

from accounts.signin.urls import urlpatterns as signin_pages

app_name = "accounts"

urlpatterns = [*signin_pages]
