"""The pages of signing in and out."""

from django.urls import path

from accounts.signin.views import (
    by_password,
    confirm,
    email,
    entry,
    number,
    password,
    second,
    second_factor,
    security,
    sessions,
)

urlpatterns = [
    path("signin/", entry.signin, name="signin"),
    path("signin/code/", entry.signin_code, name="signin_code"),
    path("signin/code/again/", entry.signin_resend, name="signin_resend"),
    path("signin/second/", second.signin_second, name="signin_second"),
    path("signin/password/", by_password.signin_password, name="signin_password"),
    path("signin/reset/", by_password.ask_for_reset, name="ask_for_reset"),
    path("signin/reset/<str:secret>/", by_password.reset_password, name="reset_password"),
    path("sign-out/", entry.sign_out, name="sign_out"),
    path("signin/staff/", confirm.staff_door, name="staff_door"),
    path("settings/security/", security.security, name="security"),
    path("settings/security/confirm/", confirm.confirm_it_is_you, name="confirm_it_is_you"),
    path("settings/security/confirm/code/", confirm.send_proof, name="send_proof"),
    path("settings/security/number/", number.change_number, name="change_number"),
    path("settings/security/number/codes/", number.change_number_codes, name="change_number_codes"),
    path("settings/security/second-factor/", second_factor.second_factor, name="second_factor"),
    path("settings/security/second-factor/off/", second_factor.second_factor_off, name="second_factor_off"),
    path("settings/security/second-factor/codes/", second_factor.recovery_codes, name="recovery_codes"),
    path(
        "settings/security/second-factor/codes/new/",
        second_factor.recovery_codes_shown,
        name="recovery_codes_shown",
    ),
    path(
        "settings/security/second-factor/codes/new/file/",
        second_factor.recovery_codes_file,
        name="recovery_codes_file",
    ),
    path("settings/security/password/", password.change_password, name="change_password"),
    path("settings/security/password/remove/", password.remove_password, name="remove_password"),
    path("settings/security/email/", email.change_email, name="change_email"),
    path("settings/security/email/keep/", email.keep_email, name="keep_email"),
    path("settings/security/email/remove/", email.remove_email, name="remove_email"),
    path("settings/security/email/<str:secret>/", email.confirm_email, name="confirm_email"),
    path("settings/security/sessions/", sessions.my_sessions, name="my_sessions"),
    path("settings/security/sessions/end-others/", sessions.end_other_sessions, name="end_other_sessions"),
    path("settings/security/sessions/<uuid:session_id>/end/", sessions.end_session, name="end_session"),
    path("settings/security/programs/<uuid:family_id>/end/", sessions.end_program, name="end_program"),
]
