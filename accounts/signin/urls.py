"""The pages of signing in and out."""

from django.urls import path

from accounts.signin import views

urlpatterns = [
    path("signin/", views.signin, name="signin"),
    path("signin/code/", views.signin_code, name="signin_code"),
    path("signin/code/again/", views.signin_resend, name="signin_resend"),
    path("sign-out/", views.sign_out, name="sign_out"),
]
