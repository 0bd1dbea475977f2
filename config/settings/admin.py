"""The admin's clothes (django-unfold): the site's name and colour, what the side bar offers, the dashboard."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def _for_admins(request: HttpRequest) -> bool:
    return bool(request.user.is_superuser)


def _table(title: Any, icon: str, name: str, *, for_admins: bool = False) -> dict[str, Any]:
    item: dict[str, Any] = {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{name}_changelist")}
    return {**item, "permission": _for_admins} if for_admins else item


def unfold(site_name: str) -> dict[str, Any]:
    return {
        "SITE_TITLE": site_name,
        "SITE_HEADER": site_name,
        "SITE_SUBHEADER": _("Staff"),
        "SITE_SYMBOL": "account_balance",
        "SITE_URL": "/",
        "SHOW_HISTORY": True,
        "SHOW_VIEW_ON_SITE": True,
        "BORDER_RADIUS": "8px",
        "SITE_FAVICONS": [
            {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("favicon.svg")},
        ],
        "STYLES": [lambda request: static("css/admin.css")],
        "DASHBOARD_CALLBACK": "config.dashboard.what_needs_a_person",
        # Verdigris, as on the site.
        "COLORS": {
            "primary": {
                "50": "oklch(97.5% .014 180)",
                "100": "oklch(93.5% .028 180)",
                "200": "oklch(87% .05 180)",
                "300": "oklch(79% .08 180)",
                "400": "oklch(70% .09 180)",
                "500": "oklch(58% .09 180)",
                "600": "oklch(46.5% .078 180)",
                "700": "oklch(40% .068 180)",
                "800": "oklch(34% .056 180)",
                "900": "oklch(29% .046 180)",
                "950": "oklch(21% .034 180)",
            },
        },
        "COMMAND": {"search_models": False, "show_history": False},
        "SIDEBAR": {
            "show_search": False,
            "show_all_applications": False,
            "navigation": [
                {
                    "title": _("Today"),
                    "items": [
                        {"title": _("What needs a person"), "icon": "inbox", "link": reverse_lazy("admin:index")},
                        _table(_("Posts"), "article", "social_post"),
                        _table(_("Comments"), "forum", "social_comment"),
                        _table(_("Polls"), "ballot", "social_poll"),
                        _table(_("Members"), "group", "accounts_user"),
                        _table(_("Applications to join"), "how_to_reg", "accounts_application"),
                        _table(_("Signals"), "troubleshoot", "economy_economysignal"),
                        _table(_("Pages"), "badge", "accounts_page"),
                    ],
                },
                {
                    "title": _("Coins"),
                    "separator": True,
                    "collapsible": True,
                    "items": [
                        _table(_("Wallets"), "account_balance_wallet", "accounts_wallet"),
                        _table(_("Transfers"), "swap_horiz", "economy_transfer"),
                        _table(_("Postings"), "receipt_long", "economy_posting"),
                        _table(_("Funds"), "savings", "economy_fundbalance"),
                        _table(_("Waiting fund entries"), "hourglass_top", "economy_fundentry"),
                        _table(_("Locks"), "lock", "economy_lock"),
                        _table(_("Withdrawals"), "payments", "economy_withdrawalrequest", for_admins=True),
                        _table(_("Vault"), "lock_clock", "economy_vaultdeposit"),
                        _table(_("Tips"), "volunteer_activism", "social_tip"),
                        _table(_("Boosts"), "rocket_launch", "social_boost"),
                        _table(_("Bounties"), "emoji_events", "social_bounty"),
                        _table(_("Reward rules"), "rule", "economy_rewardrule"),
                        _table(_("Rewards"), "award_star", "economy_reward"),
                        _table(_("Grants by two"), "group_add", "economy_grantrequest", for_admins=True),
                        _table(_("Keys of transfers"), "key", "economy_transferkey", for_admins=True),
                        _table(_("Unbalanced transfers"), "balance", "economy_unbalancedtransfer"),
                    ],
                },
                {
                    "title": _("Weekly cycle"),
                    "separator": True,
                    "collapsible": True,
                    "items": [
                        _table(_("Tax brackets"), "stairs", "economy_taxbracket"),
                        _table(_("Tax runs"), "event_repeat", "economy_taxrun"),
                        _table(_("Tax collections"), "payments", "economy_taxcollection"),
                        _table(_("Stipend runs"), "event_repeat", "economy_stipendrun"),
                        _table(_("Stipends"), "redeem", "economy_stipenddistribution"),
                        _table(_("Decay runs"), "event_repeat", "social_decayrun"),
                        _table(_("Decay of posts"), "trending_down", "social_decayevent"),
                        _table(_("Daily figures"), "monitoring", "economy_economysnapshot"),
                        _table(_("State"), "speed", "economy_systemstate"),
                    ],
                },
                {
                    "title": _("More about members"),
                    "separator": True,
                    "collapsible": True,
                    "items": [
                        _table(_("Badges"), "military_tech", "accounts_badge"),
                        _table(_("Badges given"), "workspace_premium", "accounts_userbadge"),
                        _table(_("Activity"), "calendar_month", "accounts_useractivity"),
                        _table(_("Invitations"), "confirmation_number", "accounts_invitation"),
                        _table(_("Profiles"), "contact_page", "accounts_profile", for_admins=True),
                        _table(_("Follows"), "person_add", "social_follow", for_admins=True),
                        _table(_("Messages sent out"), "sms", "accounts_outgoingmessage", for_admins=True),
                        _table(_("Codes sent"), "pin", "accounts_phoneverification", for_admins=True),
                        _table(_("Signed-in programs"), "devices", "accounts_tokenfamily", for_admins=True),
                    ],
                },
                {
                    "title": _("The house"),
                    "separator": True,
                    "collapsible": True,
                    "items": [
                        _table(_("Settings"), "tune", "constance_config", for_admins=True),
                        _table(_("Jobs"), "schedule", "django_celery_beat_periodictask", for_admins=True),
                        _table(_("Intervals"), "timer", "django_celery_beat_intervalschedule", for_admins=True),
                        _table(_("Crontabs"), "calendar_clock", "django_celery_beat_crontabschedule", for_admins=True),
                        _table(_("Audit"), "policy", "accounts_auditlog", for_admins=True),
                        _table(_("What staff did"), "history", "accounts_adminaction", for_admins=True),
                        _table(_("Log of the admin"), "list_alt", "admin_logentry", for_admins=True),
                        _table(_("Answers under keys"), "replay", "config_idempotentanswer", for_admins=True),
                        _table(_("Uncounted tips"), "pending", "social_uncountedtip"),
                    ],
                },
            ],
        },
    }
