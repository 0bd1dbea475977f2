"""Where members' pages are."""

from django.urls import path

from accounts.members import views

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/profile/", views.edit_profile, name="edit_profile"),
    path("settings/profile/language/", views.choose_language, name="choose_language"),
    path("settings/pages/", views.my_pages, name="my_pages"),
    path("settings/pages/open/", views.open_page, name="open_page"),
    path("settings/pages/act-as/", views.act_as, name="act_as"),
    path("settings/pages/@<str:username>/", views.edit_page, name="edit_page"),
    path("settings/pages/@<str:username>/name/", views.change_username, name="change_username"),
    path("settings/pages/@<str:username>/picture/", views.set_picture, name="set_picture"),
    path("settings/pages/@<str:username>/picture/remove/", views.remove_picture, name="remove_picture"),
    path("settings/pages/@<str:username>/first/", views.make_primary, name="make_primary"),
    path("settings/pages/@<str:username>/close/", views.close_page, name="close_page"),
    path("settings/pages/@<str:username>/reopen/", views.reopen_page, name="reopen_page"),
    path("settings/privacy/", views.privacy, name="privacy"),
    path("settings/privacy/blocks/@<str:username>/", views.block_page, name="block_page"),
    path("settings/privacy/blocks/<uuid:page_id>/end/", views.unblock_page, name="unblock_page"),
    path("settings/privacy/mutes/@<str:username>/", views.mute_page, name="mute_page"),
    path("settings/privacy/mutes/<uuid:page_id>/end/", views.unmute_page, name="unmute_page"),
    path("settings/privacy/words/", views.mute_word, name="mute_word"),
    path("settings/privacy/words/<uuid:word_id>/end/", views.unmute_word, name="unmute_word"),
]
