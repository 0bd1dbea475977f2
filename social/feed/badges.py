"""The badges that writing and tipping earn. A tip counts once it is settled: what can be taken back earns nothing."""

from django.utils.translation import gettext_lazy as _

from accounts.badges.earnings import Earning, register

BADGES = (
    Earning(
        slug="first-post",
        name=_("First post"),
        description=_("Wrote a first post."),
        icon="pen-line",
        earned="""
            SELECT u.id, 1 FROM accounts_user u WHERE EXISTS (
              SELECT 1 FROM social_post p WHERE p.user_id = u.id AND p.status = 'PUBLISHED' AND p.deleted_at IS NULL
            )
        """,
    ),
    Earning(
        slug="first-comment",
        name=_("First comment"),
        description=_("Joined a conversation."),
        icon="message-circle",
        earned="""
            SELECT u.id, 1 FROM accounts_user u WHERE EXISTS (
              SELECT 1 FROM social_comment c WHERE c.user_id = u.id AND c.deleted_at IS NULL
            )
        """,
    ),
    Earning(
        slug="first-tip",
        name=_("First tip"),
        description=_("Tipped someone for what they wrote, and let it stand."),
        icon="hand-coins",
        earned="""
            SELECT u.id, 1 FROM accounts_user u WHERE EXISTS (
              SELECT 1 FROM social_tip t WHERE t.spender_id = u.id AND t.settled_at IS NOT NULL
            )
        """,
    ),
    Earning(
        slug="hundred-tips",
        name=_("A hundred tips"),
        description=_("Gave a hundred tips that stood."),
        icon="heart",
        earned="""
            SELECT spender_id, (count(*) / 100)::int FROM social_tip WHERE settled_at IS NOT NULL
            GROUP BY spender_id HAVING count(*) >= 100
        """,
        is_repeatable=True,
    ),
    Earning(
        slug="tipped-by-ten",
        name=_("Tipped by ten"),
        description=_("Was tipped by ten different members."),
        icon="star",
        earned="""
            SELECT recipient_id, 1 FROM social_tip WHERE settled_at IS NOT NULL
            GROUP BY recipient_id HAVING count(DISTINCT spender_id) >= 10
        """,
    ),
)


def register_badges() -> None:
    """Register them; called from `ready()`."""
    for earning in BADGES:
        register(earning)
