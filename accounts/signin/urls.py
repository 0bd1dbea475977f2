"""The pages of signing in and out."""

from django.urls import path

from accounts.signin.views import entry

urlpatterns = [
    path("signin/", entry.signin, name="signin"),
    path("signin/code/", entry.signin_code, name="signin_code"),
    path("signin/code/again/", entry.signin_resend, name="signin_resend"),
    path("sign-out/", entry.sign_out, name="sign_out"),
]
