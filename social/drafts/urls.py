"""Where drafts are."""

from django.urls import path

from social.drafts import views

urlpatterns = [
    path("drafts/", views.drafts, name="drafts"),
    path("drafts/save/", views.save_draft, name="save_draft"),
    path("drafts/autosave/", views.autosave_draft, name="autosave_draft"),
    path("drafts/<uuid:draft_id>/", views.open_draft, name="open_draft"),
    path("drafts/<uuid:draft_id>/throw-away/", views.throw_draft_away, name="throw_draft_away"),
]
