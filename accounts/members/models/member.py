from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.files.storage import default_storage
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Collate, Lower, Now
from django.db.models.lookups import Regex
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.members import rules
from config.lib.crypto import SealedTextField
from config.lib.money import ZERO, CoinsField
from config.lib.rows import ChangingRow

USERNAME_PATTERN = r"^[a-z0-9_]{3,30}$"


class MemberQuerySet(models.QuerySet["User"]):
    """Filters over members."""

    def active(self) -> "MemberQuerySet":
        """Those who may act: neither suspended, banned nor closed. A suspension that is over counts as none."""
        is_over = Q(status=User.Status.SUSPENDED, status_until__lte=Now())
        return self.filter(Q(status=User.Status.ACTIVE) | is_over)


class MemberManager(BaseUserManager.from_queryset(MemberQuerySet)):  # type: ignore[misc]
    """Looks members up by phone number, as Django's sign-in does. Members are made by `accounts.signin`."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(phone_number=username)


class User(AbstractBaseUser, ChangingRow):
    """A member: one account per phone number."""

    class Role(models.TextChoices):
        USER = "USER", _("member")
        MODERATOR = "MODERATOR", _("moderator")
        ADMIN = "ADMIN", _("admin")

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", _("active")
        SUSPENDED = "SUSPENDED", _("suspended")
        BANNED = "BANNED", _("banned")
        CLOSED = "CLOSED", _("closed")
        ERASED = "ERASED", _("erased")

    # Whose words are shown: not while banned or closed; once erased, under a pseudonym.
    SHOWN: ClassVar = (Status.ACTIVE, Status.SUSPENDED, Status.ERASED)

    class AuthProvider(models.TextChoices):
        PHONE = "PHONE", _("phone")
        EMAIL = "EMAIL", _("e-mail")

    phone_number = PhoneNumberField(
        _("phone number"),
        null=True,
        unique=True,
        help_text="E.164; one account per number. Empty once the account is erased, or staff have freed the number.",
    )
    number_freed_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When staff let the number go to a new owner; the account has had none since.",
    )
    phone_verified_at = models.DateTimeField(null=True, blank=True, help_text="When a code first proved the number.")
    email = models.EmailField(  # noqa: DJ001 - absent is not empty: two members without one must both pass
        _("e-mail"), null=True, blank=True, help_text="Optional; unique regardless of case."
    )
    email_verified = models.BooleanField(default=False, help_text="Whether a link sent to the address was followed.")
    first_name = models.CharField(max_length=100, blank=True, help_text="Given name; never shown to others.")
    last_name = models.CharField(max_length=100, blank=True, help_text="Family name; never shown to others.")
    role = models.CharField(
        max_length=10,
        choices=Role.choices,
        default=Role.USER,
        help_text="What the member may do for the community.",
    )
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.ACTIVE, help_text="Whether the account may act."
    )
    auth_provider = models.CharField(
        max_length=10,
        choices=AuthProvider.choices,
        default=AuthProvider.PHONE,
        help_text="How the account signed up.",
    )
    status_reason = models.CharField(
        max_length=300,
        blank=True,
        default="",
        help_text="Why staff suspended or banned the account; the member reads it.",
    )
    status_until = models.DateTimeField(
        null=True, blank=True, help_text="When a suspension ends by itself; empty: until staff end it."
    )
    two_factor_secret = SealedTextField(blank=True, default="", help_text="Second factor's secret, encrypted.")
    two_factor_confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text="When a code of the second factor was first right; it is on from then."
    )
    two_factor_step = models.BigIntegerField(
        default=0, help_text="Last time step (30 s) whose code was used; no code counts twice."
    )
    password_changed_at = models.DateTimeField(null=True, blank=True, help_text="When the password was last set.")
    coins_held_until = models.DateTimeField(
        null=True,
        blank=True,
        help_text="No coins leave the wallet before: the number or its proof changed hands lately.",
    )
    erased_after = models.DateTimeField(
        null=True, blank=True, help_text="Closed by the member: when personal data goes; until then they may come back."
    )
    erased_at = models.DateTimeField(null=True, blank=True, help_text="When personal data was erased.")
    token_version = models.PositiveIntegerField(
        default=1, help_text="Raised to end every access token and session at once."
    )
    last_active_at = models.DateTimeField(null=True, blank=True, help_text="When the member last asked for anything.")
    is_early_adopter = models.BooleanField(default=False, help_text="Among the first EARLY_ADOPTER_LIMIT members.")
    daily_comments_free_remaining = models.PositiveSmallIntegerField(
        default=0, help_text="Free comments left on the day of daily_comments_reset_at."
    )
    daily_comments_reset_at = models.DateField(
        null=True, blank=True, help_text="UTC day for which the free comments are counted."
    )
    posts_created_count = models.PositiveIntegerField(default=0, help_text="Posts ever written; kept by a trigger.")
    last_posted_at = models.DateTimeField(
        null=True, blank=True, help_text="When the last post was written; kept by a trigger."
    )
    comments_created_count = models.PositiveIntegerField(
        default=0, help_text="Comments ever written; kept by a trigger."
    )

    USERNAME_FIELD = "phone_number"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = MemberManager()

    class Meta(ChangingRow.Meta):
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_once"),
            models.CheckConstraint(
                condition=Regex(F("phone_number"), r"^\+[1-9][0-9]{1,14}$"), name="accounts_user_phone_e164"
            ),
            models.CheckConstraint(
                condition=Q(phone_number__isnull=False) | Q(status="ERASED") | Q(number_freed_at__isnull=False),
                name="accounts_user_number_or_gone",
            ),
        ]
        indexes = [
            models.Index(fields=["role", "status"], name="accounts_user_role_status"),
            models.Index(fields=["-created_at"], name="accounts_user_created"),
            models.Index(fields=["-last_active_at"], name="accounts_user_active"),
            models.Index(fields=["status_until"], name="accounts_user_suspended", condition=Q(status="SUSPENDED")),
            models.Index(
                fields=["erased_after"], name="accounts_user_closing", condition=Q(status="CLOSED", erased_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.primary_page.username}" if hasattr(self, "_primary_page") else str(self.pk)

    def get_username(self) -> str:
        return str(self.phone_number or "")

    def get_full_name(self) -> str:
        return self.primary_page.display_name

    def get_short_name(self) -> str:
        return self.primary_page.username

    @property
    def primary_page(self) -> "Page":
        """The page the member acts as unless another is chosen; read once per instance."""
        if not hasattr(self, "_primary_page"):
            self._primary_page = self.pages.get(is_primary=True)
        return self._primary_page

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether Django may keep the session: banned and closed accounts are out, suspended ones may read."""
        return self.status in (self.Status.ACTIVE, self.Status.SUSPENDED)

    @property
    def is_shown(self) -> bool:
        """Whether what the member has written is shown."""
        return self.status in self.SHOWN

    @property
    def may_act(self) -> bool:
        """Whether the member may write, spend or vote."""
        return self.status == self.Status.ACTIVE or (self.status == self.Status.SUSPENDED and not self.is_suspended)

    @property
    def is_suspended(self) -> bool:
        """Whether a suspension is in force: it ends by itself at `status_until`, before the job writes so."""
        is_over = self.status_until is not None and self.status_until <= timezone.now()
        return self.status == self.Status.SUSPENDED and not is_over

    @property
    def has_second_factor(self) -> bool:
        """Whether signing in asks for a code of the authenticator as well."""
        return self.two_factor_confirmed_at is not None

    @property
    def is_staff(self) -> bool:
        return self.role in (self.Role.MODERATOR, self.Role.ADMIN) and self.may_act

    @property
    def is_superuser(self) -> bool:
        return self.role == self.Role.ADMIN and self.may_act

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """Admins may all; moderators may look, and change what a queue's own ModelAdmin opens to them."""
        if self.is_superuser:
            return True
        return self.is_staff and permission.split(".")[-1].startswith("view_")

    def has_perms(self, permissions: Any, obj: Any = None) -> bool:
        return all(self.has_perm(permission, obj) for permission in permissions)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class PageQuerySet(models.QuerySet["Page"]):
    """Filters over pages."""

    def visible(self) -> "PageQuerySet":
        """Pages that others may see: active ones of accounts that are not banned or closed."""
        return self.filter(is_active=True, user__status__in=[User.Status.ACTIVE, User.Status.SUSPENDED])


class Page(ChangingRow):
    """A public identity of a member; several pages of one account share one wallet."""

    user = models.ForeignKey(User, models.CASCADE, related_name="pages", help_text="The account behind the page.")
    username = models.CharField(
        _("username"),
        max_length=30,
        validators=[
            RegexValidator(
                USERNAME_PATTERN,
                _("3 to 30 of: lower-case letters a–z, digits, underscore."),
                code="username",
            )
        ],
        help_text="Public name in addresses: 3–30 of a–z, 0–9 and underscore; unique.",
    )
    display_name = models.CharField(_("name"), max_length=100, help_text="The name shown.")
    bio = models.CharField(_("about"), max_length=500, blank=True, help_text="A few words about the page.")
    avatar = models.CharField(max_length=500, blank=True, help_text="Path of the picture; empty shows initials.")
    is_primary = models.BooleanField(default=True, help_text="The page its member acts as by default.")
    is_active = models.BooleanField(default=True, help_text="Whether the page is shown.")
    followers_count = models.PositiveIntegerField(default=0, help_text="Followers; kept by a trigger.")
    posts_count = models.PositiveIntegerField(default=0, help_text="Posts that are visible; kept by a trigger.")
    total_tokens_earned = CoinsField(default=ZERO, help_text="Coins from settled tips, in coins.")

    objects = PageQuerySet.as_manager()

    class Meta(ChangingRow.Meta):
        constraints = [
            models.UniqueConstraint(Lower("username"), name="accounts_page_username_once"),
            models.UniqueConstraint(fields=["user"], condition=Q(is_primary=True), name="accounts_page_one_primary"),
            models.CheckConstraint(
                condition=Regex(F("username"), USERNAME_PATTERN), name="accounts_page_username_form"
            ),
        ]
        indexes = [
            models.Index(fields=["username"], name="accounts_page_username", opclasses=["text_pattern_ops"]),
            models.Index(Collate("username", "C"), name="accounts_page_in_order"),
            models.Index(fields=["-created_at"], name="accounts_page_created"),
        ]

    def __str__(self) -> str:
        return f"@{self.username}"

    @property
    def is_erased(self) -> bool:
        """Whether its member was erased: the name is a pseudonym, and leads nowhere."""
        return rules.ERASED.fullmatch(self.username) is not None

    @property
    def avatar_url(self) -> str:
        """Where the picture is, 80 pixels wide; empty without one."""
        return self.picture_url(80)

    def picture_url(self, size: int) -> str:
        """Where the picture is in one of the sizes that are kept (40, 80, 256); empty without one."""
        return default_storage.url(rules.picture_name(self.avatar, size)) if self.avatar else ""


class Profile(ChangingRow):
    """What a member tells of themselves, and how they want to be treated."""

    user = models.OneToOneField(User, models.CASCADE, related_name="profile", help_text="The member.")
    location = models.CharField(max_length=100, blank=True, help_text="Where the member is, as they put it.")
    website = models.URLField(max_length=255, blank=True, help_text="Address of a site of theirs.")
    twitter = models.CharField(max_length=50, blank=True, help_text="Name there, without @.")
    discord = models.CharField(max_length=50, blank=True, help_text="Name there.")
    telegram = models.CharField(max_length=50, blank=True, help_text="Name there, without @.")
    social_links = models.JSONField(default=dict, blank=True, help_text="Further links: name → address.")
    experience = models.CharField(max_length=50, blank=True, help_text="How experienced, in the member's words.")
    interests = models.JSONField(default=list, blank=True, help_text="Topics of interest, a list of words.")
    preferences = models.JSONField(
        default=dict,
        blank=True,
        help_text="Language, time zone, notices and privacy, as the settings pages write them.",
    )

    class Meta(ChangingRow.Meta):
        pass

    def __str__(self) -> str:
        return f"profile of {self.user_id}"
