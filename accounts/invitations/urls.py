"""Routes of the room."""

from django.urls import path

from accounts.invitations import views

urlpatterns = [
    path("settings/invitations/", views.my_invitations, name="my_invitations"),
    path("settings/invitations/<uuid:invitation_id>/revoke/", views.revoke_invitation, name="revoke_invitation"),
    path("join/<str:code>/", views.join_by_invitation, name="join_by_invitation"),
    path("signin/apply/", views.apply, name="apply"),
    path("signin/applied/", views.applied, name="applied"),
]
