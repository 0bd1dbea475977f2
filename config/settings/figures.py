"""The figures of the economy and the limits, each a runtime setting with its default (economy.md).

name → (default, what it is, type; base.py says what a type allows). A passed proposal or an admin may change them; the
code asks `config.lib.runtime`.
"""

from decimal import Decimal
from typing import Any

FIGURES_BY_GROUP_FULL: dict[str, dict[str, tuple[Any, str, Any]]] = {
    "Joining": {
        "SIGNUP_GRANT": (
            Decimal("100.00"),
            "Coins granted when a phone number is verified for the first time.",
            "coins",
        ),
        "EARLY_ADOPTER_LIMIT": (1000, "How many of the first members count as early adopters.", "count"),
        "SIGN_UP_MODE": (
            "open",
            "Who may join: everyone; by a member's invitation; by an application that staff accept; nobody. An"
            " invitation lets its bearer in without an application too.",
            "sign_up_mode",
        ),
        "INVITATIONS_MOST": (20, "Invitations that one member may have open at a time.", "count"),
        "INVITATION_USES_MOST": (100, "Most people that one invitation can be for.", "count"),
        "INVITATION_DAYS_MOST": (90, "Most days that an invitation can be good for.", "days"),
        "APPLICATION_AGAIN_DAYS": (30, "Days after which someone who was declined may apply again.", "days"),
    },
    "New members": {
        "NEW_MEMBER_HOURS": (
            72,
            "Hours for which a member counts as new. 0 on one's own machine, where everybody is.",
            "hours",
        ),
        "NEW_MEMBER_TIPS_PER_DAY": (5, "Tips that a new member may give in a day.", "count"),
        "NEW_MEMBER_TIP_COINS_PER_DAY": (
            Decimal("50.00"),
            "Coins that a new member may give, tip and pay for comments in a day.",
            "coins",
        ),
    },
    "Pages": {
        "PAGES_PER_ACCOUNT": (3, "Pages that one account may have; closed ones count.", "count"),
        "USERNAME_CHANGES": (2, "Usernames that one account may change in USERNAME_CHANGE_DAYS.", "count"),
        "USERNAME_CHANGE_DAYS": (30, "Days that USERNAME_CHANGES counts.", "days"),
        "FORMER_NAME_DAYS": (
            90,
            "Days for which an old username leads to its page and is nobody else's.",
            "days",
        ),
        "UPLOADS_PER_HOUR": (20, "Pictures and files that one member may upload in an hour.", "count"),
    },
    "Addresses": {
        "ADDRESSES_PER_ACCOUNT": (10, "Blockchain addresses that one account may have.", "count"),
        "ADDRESS_TEXTS_PER_HOUR": (20, "Texts to sign that one member may ask for in an hour.", "count"),
    },
    "Tips": {
        "TIP_MIN": (Decimal("1.00"), "Smallest tip.", "coins"),
        "TIP_MAX": (
            Decimal("10.00"),
            "Most that one member may tip one post or comment, all tips together.",
            "coins",
        ),
        "REFUND_WINDOW_HOURS": (24, "Hours in which a tip can be taken back.", "hours"),
        "TIP_CREATOR_SHARE": (Decimal("0.60"), "Share of a settled tip that its creator gets.", "share"),
        "TIP_TREASURY_SHARE": (
            Decimal("0.20"),
            "Share of a settled tip that the treasury gets; the rest is burned.",
            "share",
        ),
    },
    "Boosts": {
        "BOOST_COST": (Decimal("10.00"), "What a boost of one's post costs; 0 for no boosts at all.", "coins"),
        "BOOST_HOURS": (24, "Hours for which a boost runs; the post cannot be boosted again before.", "hours"),
        "BOOSTS_AT_ONCE": (3, "Boosts that one account may have running.", "count"),
    },
    "Bounties": {
        "BOUNTY_MIN": (Decimal("1.00"), "Smallest bounty that a post can promise.", "coins"),
        "BOUNTY_MAX": (
            Decimal("500.00"),
            "Largest bounty, and never more than GIFT_DAILY_MAX; 0 for no bounties at all.",
            "coins",
        ),
        "BOUNTIES_OPEN": (10, "Bounties that one member may have open at a time; 0 for no bounties at all.", "count"),
    },
    "Writing": {
        "FREE_COMMENTS_PER_DAY": (2, "Comments a member may write for nothing per UTC day.", "count"),
        "COAUTHORS_PER_DAY": (20, "Co-authors that one member may ask in a day.", "count"),
        "MENTIONS_PER_DAY": (
            100,
            "Members who are told in a day that one member has named them with @; further names are only links.",
            "count",
        ),
        "COMMENT_FEE": (Decimal("0.50"), "Price of a comment beyond the free ones.", "coins"),
        "COMMENT_AUTHOR_SHARE": (
            Decimal("0.30"),
            "Share of a comment's price that the post's author gets.",
            "share",
        ),
        "COMMENT_TREASURY_SHARE": (
            Decimal("0.20"),
            "Share of a comment's price that the treasury gets; the rest is burned.",
            "share",
        ),
        "RAPID_POST_FEE": (
            Decimal("0.50"),
            "Price of a post soon after one's last; it doubles with each further one.",
            "coins",
        ),
        "RAPID_POST_MINUTES": (10, "Minutes within which a further post is a rapid one.", "minutes"),
        "EDIT_FREE_MINUTES": (
            15,
            "Minutes after writing in which one's words can be changed without a mark and without history.",
            "minutes",
        ),
    },
    "Gifts": {
        "GIFT_DAILY_MAX": (
            Decimal("500.00"),
            "Most that one member may give away per UTC day, in gifts and awarded bounties together.",
            "coins",
        ),
    },
    "Rewards": {
        "REWARD_TAKE_BACK_HOURS": (
            24,
            "Hours after something rewarded in which its removal takes the reward back.",
            "hours",
        ),
    },
    "Tax and stipend": {
        "TAX_BASE": (
            "average",
            "What is taxed: the time-weighted average of the week, or the closing balance; open bounties included.",
            "tax_base",
        ),
        "STIPEND_BASE": (Decimal("10.00"), "Weekly stipend of each eligible member before scaling.", "coins"),
        "STIPEND_ENGAGEMENT_SHARE": (
            Decimal("0.10"),
            "Share of the tips settled to a member that is added to the stipend.",
            "share",
        ),
        "STIPEND_ENGAGEMENT_MAX": (Decimal("5.00"), "Most that the engagement bonus can be.", "coins"),
        "STIPEND_PAIR_MAX": (
            Decimal("10.00"),
            "Coins that one pair of members counts for at most in the engagement bonus.",
            "coins",
        ),
        "STIPEND_POOL_SHARE": (
            Decimal("0.50"),
            "Share of the treasury that one stipend run may pay out.",
            "share",
        ),
        "STIPEND_NEW_MEMBER_BONUS": (
            Decimal("5.00"),
            "Bonus in a member's first week; it falls by a coin a week.",
            "coins",
        ),
    },
    "Signals": {
        "SIGNAL_RING_DAYS": (7, "Days of settled tips that are looked at for rings.", "days"),
        "SIGNAL_RING_COINS": (
            Decimal("30.00"),
            "Coins that must have reached the next member of a ring, from each of its members.",
            "coins",
        ),
        "SIGNAL_RING_LONGEST": (4, "Most members of a ring that is looked for.", "count"),
        "SIGNAL_ADDRESS_ACCOUNTS": (4, "Accounts behind one address that make a signal.", "count"),
        "SIGNAL_ADDRESS_DAYS": (3, "Days within which they joined.", "days"),
        "SIGNAL_ADDRESS_LOOK_BACK_DAYS": (30, "Days for which accounts that joined are looked at.", "days"),
        "SIGNAL_EARNINGS_HOURS": (24, "Hours of earnings that are compared.", "hours"),
        "SIGNAL_EARNINGS_COINS": (Decimal("200.00"), "Earnings in that time that can make a signal.", "coins"),
        "SIGNAL_EARNINGS_TIMES": (20, "How many times the median of all who earned they must be.", "count"),
        "SIGNAL_AWAY_BEFORE_HOURS": (24, "Hours before the week's end in which coins go away.", "hours"),
        "SIGNAL_AWAY_AFTER_HOURS": (48, "Hours after it within which they are back.", "hours"),
        "SIGNAL_AWAY_COINS": (Decimal("100.00"), "Coins that must have been away.", "coins"),
        "SIGNAL_QUIET_DAYS": (7, "Days for which a matter that staff have closed is not raised again.", "days"),
        "SIGNAL_KINDS_THAT_HOLD": (
            "RING ADDRESS AWAY",
            "Kinds of open signals that keep their members' withdrawals waiting: RING ADDRESS EARNINGS AWAY.",
            "signal_kinds",
        ),
    },
    "Vault and withdrawals": {
        "VAULT_RATE": (
            Decimal("0.10"),
            "Share of what a tip or a sale brings that waits in the vault.",
            "share",
        ),
        "VAULT_DAYS": (30, "Days for which it waits there.", "days"),
        "WITHDRAWAL_MIN": (Decimal("500.00"), "Fewest coins that one withdrawal can be for.", "coins"),
        "WITHDRAWALS_PER_DAY": (3, "Withdrawals that one member may ask for in a day.", "count"),
        "LOYALTY_DAYS_SILVER": (22, "Days with activity from which a member is silver.", "days"),
        "LOYALTY_DAYS_GOLD": (45, "Days with activity from which a member is gold.", "days"),
        "LOYALTY_DAYS_PLATINUM": (67, "Days with activity from which a member is platinum.", "days"),
        "LOYALTY_DAYS_DIAMOND": (90, "Days with activity from which a member is diamond.", "days"),
        "LOYALTY_FEE_BRONZE": (Decimal("0.07"), "Share that a withdrawal costs a bronze member.", "share"),
        "LOYALTY_FEE_SILVER": (Decimal("0.05"), "Share that a withdrawal costs a silver member.", "share"),
        "LOYALTY_FEE_GOLD": (Decimal("0.03"), "Share that a withdrawal costs a gold member.", "share"),
        "LOYALTY_FEE_PLATINUM": (Decimal("0.01"), "Share that a withdrawal costs a platinum member.", "share"),
        "LOYALTY_FEE_DIAMOND": (Decimal("0.00"), "Share that a withdrawal costs a diamond member.", "share"),
    },
    "Ranking": {
        "DECAY_RATE": (
            Decimal("0.02"),
            "Part of a post's standing that is lost per week without a tip.",
            "share",
        ),
        "HOT_HOURS": (
            24,
            "Hours a post may stay on the hot level before it must have earned its place.",
            "hours",
        ),
        "WARM_HOURS": (72, "Hours a post may stay on the warm level.", "hours"),
        "COLD_DAYS": (14, "Days a post may stay on the cold level.", "days"),
        "HOT_KEEP": (
            Decimal("5.00"),
            "Coins in the time allowed that keep a post on the hot level, or lift one from the warm level.",
            "coins",
        ),
        "WARM_KEEP": (
            Decimal("3.00"),
            "Coins that keep a post on the warm level, or lift one from the cold level.",
            "coins",
        ),
        "COLD_KEEP": (
            Decimal("1.00"),
            "Coins that keep a post on the cold level, or lift one from the archive.",
            "coins",
        ),
        "QUEUE_SPENDERS": (2, "Members from whom such coins must be, at least.", "count"),
        "GEM_VIEWS": (
            200,
            "Most views that a well tipped post of the cold level or the archive may have to be a hidden gem.",
            "count",
        ),
    },
    "Leaving": {
        "EXPORTS_PER_DAY": (1, "Copies of their data that a member may ask for in 24 hours.", "count"),
        "EXPORT_DAYS": (7, "Days for which such a copy can be fetched.", "days"),
        "CLOSE_DAYS": (30, "Days in which a member may open an account again that they closed.", "days"),
        "CLOSE_REMINDER_DAYS": (7, "Days before the end of these at which the member is told once more.", "days"),
        "RELEASED_NUMBER_MONTHS": (
            24,
            "Months for which a number whose account was erased gets no second welcome grant.",
            "months",
        ),
    },
    "Keeping": {
        "AUDIT_KEPT_MONTHS": (24, "Months for which the audit is kept; 0 keeps all of it.", "months"),
        "NOTIFICATIONS_KEPT_MONTHS": (12, "Months for which notifications are kept; 0 keeps them all.", "months"),
    },
    "Sign-in": {
        "DORMANT_DAYS": (
            90,
            "Days of silence after which a number alone no longer opens its account: it may have another owner.",
            "days",
        ),
    },
    "Codes": {
        "CODE_COUNTRIES": (
            "",
            "Country codes to which codes are sent, such as: 44 49 351. Empty: to all.",
            "country_codes",
        ),
        "CODES_PER_BLOCK_DAY": (
            50,
            "Codes a day to one block of 1,000 numbers (all but their last three digits are the same).",
            "count",
        ),
        "CODES_SPEND_DAY": (5_000, "Codes sent in a day altogether: what messages may cost at most.", "count"),
        "CODES_UNPROVED_FREE": (
            3,
            "Codes in 24 hours that a number may leave unanswered before it has to wait longer each time.",
            "count",
        ),
        "CODES_COOL_DOWN_SECONDS": (120, "The first of these waits; each further one is twice as long.", "seconds"),
    },
    "Limits": {
        "CODES_PER_NUMBER_MINUTE": (1, "Sign-in codes one number may ask for in 60 seconds.", "count"),
        "CODES_PER_NUMBER_10_MINUTES": (3, "Sign-in codes one number may ask for in 10 minutes.", "count"),
        "CODES_PER_NUMBER_HOUR": (5, "Sign-in codes one number may ask for in an hour.", "count"),
        "CODES_PER_NUMBER_DAY": (10, "Sign-in codes one number may ask for in a day.", "count"),
        "CODES_PER_ADDRESS_HOUR": (10, "Sign-in codes one network address may ask for in an hour.", "count"),
        "WRONG_CODES_PER_NUMBER_DAY": (10, "Wrong codes one number may give in a day.", "count"),
        "WRONG_CODES_PER_ADDRESS_DAY": (30, "Wrong codes one network address may give in a day.", "count"),
        "WRONG_FACTOR_CODES_PER_HOUR": (10, "Wrong codes of the second factor per member and hour.", "count"),
        "PASSWORDS_PER_ACCOUNT_HOUR": (10, "Wrong passwords for one e-mail address or account in an hour.", "count"),
        "PASSWORDS_PER_ADDRESS_HOUR": (30, "Wrong passwords from one network address in an hour.", "count"),
        "RESETS_PER_ADDRESS_HOUR": (5, "Password resets one network address may ask for in an hour.", "count"),
        "RESETS_PER_EMAIL_HOUR": (3, "Password resets that may be asked for one e-mail address in an hour.", "count"),
        "EMAIL_LINKS_PER_HOUR": (5, "Links to confirm an e-mail address one member may ask for in an hour.", "count"),
        "SECOND_PROOFS_PER_DAY": (
            6,
            "Wrong second proofs one account may see in a day after its number was silent for long.",
            "count",
        ),
        "NUMBER_CHANGES_PER_DAY": (2, "Changes of the phone number that one member may make in a day.", "count"),
        "COINS_HELD_HOURS": (
            72,
            "Hours in which no coins leave a wallet after its number, or the proof of it, has changed.",
            "hours",
        ),
        "NEW_DEVICE_HELD_HOURS": (
            72,
            "Hours in which no coins leave a wallet after a sign-in by a new device without a second factor.",
            "hours",
        ),
        "REFRESHES_PER_SESSION_HOUR": (30, "Token refreshes one session may ask for in an hour.", "count"),
        "API_PER_MEMBER_MINUTE": (200, "Requests to the API that one member may make in a minute.", "count"),
        "API_PER_ADDRESS_MINUTE": (
            100,
            "Requests to the API that visitors of one network address may make in a minute.",
            "count",
        ),
        "TIPS_PER_MINUTE": (30, "Tips that one member may give in a minute.", "count"),
        "TIPS_PER_DAY": (300, "Tips that one member may give in a day.", "count"),
        "TAKE_BACKS_PER_DAY": (5, "Tips that one member may take back in a day.", "count"),
        "STREAMS_PER_MEMBER": (5, "Open pages and programs of one member that hear of things live.", "count"),
        "GIFTS_PER_MINUTE": (10, "Gifts that one member may give in a minute.", "count"),
        "POLL_VOTES_PER_MINUTE": (30, "Votes that one member may cast in polls in a minute.", "count"),
        "SEARCHES_PER_MINUTE": (30, "Searches that one member may make in a minute.", "count"),
        "SEARCHES_PER_MINUTE_VISITORS": (
            10,
            "Searches that visitors of one network address may make in a minute.",
            "count",
        ),
        "SUGGESTIONS_PER_MINUTE": (120, "Times a minute that one member is offered names while typing.", "count"),
        "SUGGESTIONS_PER_MINUTE_VISITORS": (
            60,
            "Times a minute that visitors of one network address are offered names while typing.",
            "count",
        ),
    },
}

FIGURES = {name: figure for group in FIGURES_BY_GROUP_FULL.values() for name, figure in group.items()}
FIGURES_BY_GROUP = {group: tuple(figures) for group, figures in FIGURES_BY_GROUP_FULL.items()}

# What anybody may know, because it is what members live by (GET settings). The rest would tell those who guess or flood
# how far they can go, or is of use to nobody but staff.
_PUBLIC_GROUPS = (
    "Joining",
    "New members",
    "Pages",
    "Addresses",
    "Tips",
    "Boosts",
    "Bounties",
    "Writing",
    "Gifts",
    "Rewards",
    "Tax and stipend",
    "Vault and withdrawals",
    "Ranking",
    "Leaving",
)
_PUBLIC_BESIDES = (
    "DORMANT_DAYS",
    "COINS_HELD_HOURS",
    "NEW_DEVICE_HELD_HOURS",
    "NUMBER_CHANGES_PER_DAY",
    "REFRESHES_PER_SESSION_HOUR",
    "API_PER_MEMBER_MINUTE",
    "API_PER_ADDRESS_MINUTE",
    "TIPS_PER_MINUTE",
    "TIPS_PER_DAY",
    "TAKE_BACKS_PER_DAY",
    "STREAMS_PER_MEMBER",
    "GIFTS_PER_MINUTE",
    "POLL_VOTES_PER_MINUTE",
    "SEARCHES_PER_MINUTE",
    "SEARCHES_PER_MINUTE_VISITORS",
)
# Among the public groups: how long a number is remembered is nothing to plan by.
_PRIVATE = ("RELEASED_NUMBER_MONTHS", "ADDRESS_TEXTS_PER_HOUR")
PUBLIC = frozenset(name for group in _PUBLIC_GROUPS for name in FIGURES_BY_GROUP[group] if name not in _PRIVATE).union(
    _PUBLIC_BESIDES
)
