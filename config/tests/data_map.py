"""Where every table and column of the source documents lives in this house.

A column lives in the field of the same name of its table's model, unless `columns` says otherwise: another field, a
field of another model ("app.Model.field"), several of them, or a reason why no column is kept (`Told`). Names differ
where two documents call one thing differently; then the reading of docs/design holds.

What belongs to a room that is not built yet is `Later`; `NOT_YET_BUILT` lists those homes, and the test takes care
that whoever builds one moves its tables out of there.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Told:
    """No column of its own: why, and where it comes from instead."""

    why: str


@dataclass(frozen=True)
class Later:
    """The home to come: a model, a room whose models have no names yet, or an address of the API."""

    home: str


@dataclass(frozen=True)
class Model:
    """A model of ours (or of a library) and the columns that do not lie in its field of the same name."""

    label: str
    columns: dict[str, str | tuple[str, ...] | Told | Later] = field(default_factory=dict)


@dataclass(frozen=True)
class View:
    """A database view of the same name with the same columns (and perhaps more)."""

    name: str


# Home → the room that will hold it.
NOT_YET_BUILT = {
    "social.forum": "social.forum",
    "social.messaging": "social.messaging",
    "social.moderation": "social.moderation",
    "marketplace.Item": "marketplace.listings",
    "marketplace.FileAsset": "marketplace.library",
    "marketplace.Order": "marketplace.orders",
    "marketplace.LineItem": "marketplace.orders",
    "marketplace.Purchase": "marketplace.library",
    "marketplace.Review": "marketplace.reviews",
    "marketplace.ItemLike": "marketplace.reviews",
    "marketplace.ItemQuestion": "marketplace.reviews",
    "governance.Token": "governance.tokens",
    "governance.TokenHolding": "governance.tokens",
    "governance.Proposal": "governance.proposals",
    "governance.ProposalComment": "governance.proposals",
    "governance.Vote": "governance.ballots",
}

# Rooms that stand already for something else, and still wait for the homes above.
BEGUN: dict[str, str] = {}

_NEVER_CHANGES = Told("the ledger is append-only: a transfer is never updated")

HOMES: dict[str, Model | View | Later | Told] = {
    # -- Members --------------------------------------------------------------------------------------
    "0 users": Model("accounts.User", {"name": "accounts.Page.display_name"}),
    "1 users": Model(
        "accounts.User",
        {"password_hash": "password", "username": "accounts.Page.username", "is_active": "status"},
    ),
    "2 accounts": Model(
        "accounts.User",
        {
            "account_id": "id",
            "token_balance": "accounts.Wallet.balance",
            "tokens_earned_lifetime": "accounts.Wallet.total_earned",
            "tokens_spent_lifetime": "accounts.Wallet.total_spent",
            "last_tax_collected_at": "accounts.Wallet.last_tax_collected_at",
            "last_stipend_received_at": "accounts.Wallet.last_stipend_received_at",
            "total_tax_paid": "accounts.Wallet.total_tax_paid",
            "total_stipend_received": "accounts.Wallet.total_stipend_received",
            "weeks_since_signup": Told("derived from created_at when a stipend is computed; a copy would go stale"),
        },
    ),
    "3 users": Model("accounts.User", {"password_hash": "password", "name": "accounts.Page.display_name"}),
    "4 users": Model(
        "accounts.User",
        {
            "username": "accounts.Page.username",
            "password_hash": "password",
            "is_email_verified": "email_verified",
            "last_login_at": "last_login",
        },
    ),
    "2 pages": Model("accounts.Page", {"page_id": "id", "account_id": "user", "avatar_url": "avatar"}),
    "1 profiles": Model("accounts.Profile", {"bio": "accounts.Page.bio", "avatar_url": "accounts.Page.avatar"}),
    "4 profiles": Model(
        "accounts.Profile",
        {
            "bio": "accounts.Page.bio",
            "avatar_url": "accounts.Page.avatar",
            "trading_experience": "experience",
            "favorite_pairs": "interests",
            "joined_at": "created_at",
        },
    ),
    "4 user_settings": Model("accounts.Profile"),
    "4 user_badges": Model("accounts.UserBadge"),
    "4 user_activity": Model("accounts.UserActivity", {"created_at": ("day", "created_at")}),
    "2 phone_verifications": Model(
        "accounts.PhoneVerification",
        {"verification_id": "id", "verification_code": Told("never kept: code_hash is all there is of a code")},
    ),
    "4 sessions": Model("sessions.Session", {"expire": "expire_date"}),
    "1 wallets": Model("accounts.WalletAddress"),
    "1 notifications": Model("accounts.Notification"),
    "2 notifications": Model("accounts.Notification", {"notification_id": "id", "account_id": "user"}),
    "1 audit_logs": Model(
        "accounts.AuditLog", {"user_id": "account", "resource_type": "entity_type", "resource_id": "entity_id"}
    ),
    "2 audit_logs": Model("accounts.AuditLog", {"log_id": "id", "details": "new_values"}),
    "4 audit_logs": Model(
        "accounts.AuditLog",
        {
            "table_name": "entity_type",
            "operation": "action",
            "user_id": "account",
            "row_id": "entity_id",
            "old_data": "old_values",
            "new_data": "new_values",
        },
    ),
    "4 admin_actions": Model("accounts.AdminAction", {"admin_id": "staff"}),
    # -- Coins ----------------------------------------------------------------------------------------
    "0 wallets": Model("accounts.Wallet"),
    "4 user_wallet": Model("accounts.Wallet"),
    "1 transactions": Model(
        "economy.Transfer",
        {
            "user_id": "economy.Posting.wallet",
            "type": "kind",
            "amount": "economy.Posting.amount",
            "currency": Told("the coin is the one currency; what came from another network says so in metadata"),
            "updated_at": _NEVER_CHANGES,
        },
    ),
    "4 coin_transactions": Model(
        "economy.Transfer",
        {
            "user_id": "economy.Posting.wallet",
            "amount": "economy.Posting.amount",
            "type": Told("credit or debit is the sign of economy.Posting.amount"),
            "balance_before": "economy.Posting.balance_before",
            "balance_after": "economy.Posting.balance_after",
        },
    ),
    "4 coin_journal": Model("economy.Posting"),
    "4 coin_transactions_archive": Told(
        "months are partitions of economy.Transfer and Posting, and are detached whole"
    ),
    "2 token_transactions": Model(
        "social.Tip",
        {
            "transaction_id": "id",
            "spender_account_id": "spender",
            "spender_page_id": "spender_page",
            "target_type": ("post", "comment"),
            "target_id": ("post", "comment"),
            "tokens_spent": "amount",
            "tokens_to_creator": "to_creator",
            "tokens_to_government": "to_treasury",
            "tokens_burned": "burned",
            "recipient_account_id": "recipient",
            "recipient_page_id": "recipient_page",
        },
    ),
    "2 tax_collections": Model(
        "economy.TaxCollection", {"collection_id": "id", "account_id": "wallet", "collected_at": "created_at"}
    ),
    "2 stipend_distributions": Model(
        "economy.StipendDistribution",
        {"distribution_id": "id", "account_id": "wallet", "distributed_at": "paid_at"},
    ),
    "2 system_state": Model(
        "economy.SystemState",
        {
            "total_tokens_in_circulation": "in_wallets",
            "total_tokens_locked_on_content": "on_content",
            "total_tokens_in_government_pool": "treasury",
            "total_tokens_burned": "burned",
            "total_tokens_ever_created": "ever_created",
            "total_accounts": "members",
            "active_accounts_today": "active_today",
            "total_posts": "posts",
            "total_comments": "comments",
        },
    ),
    "2 v_account_wealth": View("v_account_wealth"),
    # -- What is said ---------------------------------------------------------------------------------
    "2 follows": Model("social.Follow", {"follower_account_id": "follower", "following_page_id": "page"}),
    "4 user_follows": Model("social.Follow", {"follower_id": "follower", "following_id": "page"}),
    "0 posts": Model("social.Post"),
    "2 posts": Model("social.Post", {"post_id": "id", "account_id": "user"}),
    "0 comments": Model("social.Comment"),
    "2 comments": Model("social.Comment", {"comment_id": "id", "account_id": "user", "parent_comment_id": "parent"}),
    "2 decay_events": Model("social.DecayEvent", {"event_id": "id", "applied_at": "created_at"}),
    "2 v_hot_feed": View("v_hot_feed"),
    # -- Runtime settings -----------------------------------------------------------------------------
    "1 settings": Model(
        "constance.Constance",
        {
            "type": Told("stands with the setting in config/settings/figures.py; the admin's form holds it"),
            "description": Told("stands with the setting in config/settings/figures.py"),
            "is_public": Told("stands as PUBLIC in config/settings/figures.py; GET settings tells the public ones"),
            "created_at": "accounts.AuditLog.created_at",
            "updated_at": "accounts.AuditLog.created_at",
        },
    ),
    # -- Rooms to come --------------------------------------------------------------------------------
    "4 withdrawal_requests": Model(
        "economy.WithdrawalRequest",
        {"user_id": "wallet", "admin_notes": "reason", "processed_by": "reviewer", "processed_at": "reviewed_at"},
    ),
    "4 vault_coins": Model(
        "economy.VaultDeposit",
        {
            "user_id": "wallet",
            "unlock_date": "unlock_at",
            "source_transaction_id": "source_transfer_id",
            "is_unlocked": "unlocked_at",
        },
    ),
    "4 forum_categories": Later("social.forum"),
    "4 forum_threads": Later("social.forum"),
    "4 forum_replies": Later("social.forum"),
    "4 forum_thread_likes": Later("social.forum"),
    "4 forum_thread_views": Later("social.forum"),
    "4 forum_reply_likes": Later("social.forum"),
    "4 conversations": Later("social.messaging"),
    "4 messages": Later("social.messaging"),
    "4 conversation_participants": Later("social.messaging"),
    "4 message_attachments": Later("social.messaging"),
    "4 message_reactions": Later("social.messaging"),
    "4 message_read_receipts": Later("social.messaging"),
    "4 moderation_queue": Later("social.moderation"),
    "3 products": Later("marketplace.Item"),
    "4 content": Later("marketplace.Item"),
    "4 file_assets": Later("marketplace.FileAsset"),
    "3 orders": Later("marketplace.Order"),
    "3 line_items": Later("marketplace.LineItem"),
    "4 content_purchases": Later("marketplace.Purchase"),
    "4 content_reviews": Later("marketplace.Review"),
    "4 content_ratings": Later("marketplace.Review"),
    "4 content_likes": Later("marketplace.ItemLike"),
    "4 content_replies": Later("marketplace.ItemQuestion"),
    "1 tokens": Later("governance.Token"),
    "1 user_tokens": Later("governance.TokenHolding"),
    "1 proposals": Later("governance.Proposal"),
    "1 comments": Later("governance.ProposalComment"),
    "1 votes": Later("governance.Vote"),
}
