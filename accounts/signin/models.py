from django.conf import settings
from django.db import models
from django.db.models import F, Q
from phonenumber_field.modelfields import PhoneNumberField

from config.lib.rows import ChangingRow, Row


class PhoneVerification(Row):
    """One code that was sent, as a keyed hash; bound to the request that asked for it, and to its purpose."""

    class Purpose(models.TextChoices):
        SIGN_IN = "SIGN_IN", "signing in"
        PROOF = "PROOF", "a fresh proof before something dangerous"
        OLD_NUMBER = "OLD_NUMBER", "leaving this number"
        NEW_NUMBER = "NEW_NUMBER", "moving to this number"

    purpose = models.CharField(
        max_length=10, choices=Purpose.choices, default=Purpose.SIGN_IN, help_text="The only thing it can prove."
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who asked for it, when they were signed in; nobody else can use it.",
    )
    phone_number = PhoneNumberField(help_text="Where the code went, E.164.")
    code_hash = models.CharField(
        max_length=64, help_text="HMAC-SHA256 of id and code under a key outside the database."
    )
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Answers given so far.")
    max_attempts = models.PositiveSmallIntegerField(default=3, help_text="Answers after which the code is dead.")
    verified_at = models.DateTimeField(null=True, blank=True, help_text="When the right code came; dead from then on.")
    expires_at = models.DateTimeField(help_text="Ten minutes after it was made.")
    ip_address = models.GenericIPAddressField(null=True, blank=True, help_text="Who asked for it.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(attempts__lte=F("max_attempts")), name="accounts_verification_attempts")
        ]
        indexes = [
            models.Index(fields=["phone_number", "-created_at"], name="accounts_verification_phone"),
            models.Index(fields=["expires_at"], name="accounts_verification_open", condition=Q(verified_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class BrowserSession(ChangingRow):
    """A sign-in of a browser, as its member sees it in the list; it lives with the Django session of the same key."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="browser_sessions",
        db_index=False,
        help_text="Who is signed in.",
    )
    session_key = models.CharField(max_length=40, unique=True, help_text="The Django session that it stands for.")
    ip_address = models.GenericIPAddressField(null=True, blank=True, help_text="Last address.")
    user_agent = models.CharField(max_length=300, blank=True, help_text="Browser of the sign-in.")
    last_used_at = models.DateTimeField(help_text="Last page, to a few minutes.")
    expires_at = models.DateTimeField(help_text="When it ends by itself.")
    proved_at = models.DateTimeField(
        help_text="When the member last proved here who they are; dangerous changes need it fresh."
    )
    second_factor_at = models.DateTimeField(
        null=True, blank=True, help_text="When the second factor was last given here; staff need it fresh."
    )
    admin_used_at = models.DateTimeField(
        null=True, blank=True, help_text="Last page of the admin, to a minute; after an idle hour it asks again."
    )
    token_version = models.PositiveIntegerField(
        null=True, blank=True, help_text="The member's when it began; once theirs is higher, it is over."
    )

    class Meta(ChangingRow.Meta):
        indexes = [
            models.Index(fields=["user", "-last_used_at"], name="accounts_session_user"),
            models.Index(fields=["expires_at"], name="accounts_session_expiry"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SecondStep(Row):
    """A sign-in whose first proof was right and that needs another one; good for ten minutes and few answers."""

    class Needs(models.TextChoices):
        FACTOR = "FACTOR", "a code of the authenticator, or a recovery code"
        EMAIL = "EMAIL", "after a long silence: a code sent to the confirmed address"
        PASSWORD = "PASSWORD", "after a long silence: the password"
        USERNAME = "USERNAME", "after a long silence: a username of the account"
        RETURN = "RETURN", "the word of its member that the closed account is to be opened again"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False, help_text="Who signs in."
    )
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token that the caller holds.")
    needs = models.CharField(max_length=8, choices=Needs.choices, help_text="What is still to be proved.")
    first_proof = models.CharField(max_length=8, help_text="What was proved: PHONE or PASSWORD.")
    has_second_factor = models.BooleanField(default=False, help_text="Whether the second factor was given before.")
    token_version = models.PositiveIntegerField(
        default=0, help_text="The member's when it began; once theirs is higher, it is over."
    )
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Answers given so far.")
    max_attempts = models.PositiveSmallIntegerField(default=5, help_text="Answers after which it is dead.")
    expires_at = models.DateTimeField(help_text="Ten minutes after the first proof.")
    done_at = models.DateTimeField(null=True, blank=True, help_text="When the right answer came.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(attempts__lte=F("max_attempts")), name="accounts_secondstep_attempts")
        ]
        indexes = [
            models.Index(fields=["user"], name="accounts_secondstep_user"),
            models.Index(fields=["expires_at"], name="accounts_secondstep_expiry"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class RecoveryCode(Row):
    """One of ten codes that stand in for a lost authenticator, once each; only its hash is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="recovery_codes",
        db_index=False,
        help_text="Whose it is.",
    )
    code_hash = models.CharField(max_length=64, help_text="HMAC-SHA256 of member and code, under a key outside.")
    used_at = models.DateTimeField(null=True, blank=True, help_text="When it was used; dead from then on.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="accounts_recoverycode_once")]

    def __str__(self) -> str:
        return str(self.pk)


class EmailProof(Row):
    """A secret sent to an address of e-mail, kept as a hash: whoever brings it back reads mail there."""

    class Purpose(models.TextChoices):
        VERIFY = "VERIFY", "the address is the member's"
        RESET = "RESET", "a new password"
        DORMANT = "DORMANT", "second proof of a number that was silent for long"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Whose it is; empty while nobody has looked up who has the address of a reset.",
    )
    email = models.EmailField(help_text="Where it went, or is to go.")
    purpose = models.CharField(max_length=7, choices=Purpose.choices, help_text="The only thing it can prove.")
    secret_hash = models.CharField(
        max_length=64, blank=True, help_text="Keyed hash of the secret in the message; empty until one is sent."
    )
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Answers given so far, where it is a short code.")
    max_attempts = models.PositiveSmallIntegerField(default=3, help_text="Answers after which it is dead.")
    expires_at = models.DateTimeField(help_text="Useless after.")
    used_at = models.DateTimeField(null=True, blank=True, help_text="When it was used; dead from then on.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(attempts__lte=F("max_attempts")), name="accounts_emailproof_attempts")
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="accounts_emailproof_user"),
            models.Index(fields=["secret_hash"], name="accounts_emailproof_secret"),
            models.Index(fields=["expires_at"], name="accounts_emailproof_expiry"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class TokenFamily(ChangingRow):
    """One signed-in program: the chain of refresh tokens that grew from one sign-in."""

    class Ending(models.TextChoices):
        SIGNED_OUT = "SIGNED_OUT", "signed out"
        REUSE = "REUSE", "an old refresh token was used again"
        STAFF = "STAFF", "ended by staff"
        MEMBER = "MEMBER", "ended by the member from elsewhere"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="token_families", help_text="Who is signed in."
    )
    current_jti = models.CharField(max_length=64, help_text="The only refresh token that still works.")
    expires_at = models.DateTimeField(help_text="When the current refresh token expires.")
    last_used_at = models.DateTimeField(help_text="Last refresh.")
    ip_address = models.GenericIPAddressField(null=True, blank=True, help_text="Address of the sign-in.")
    user_agent = models.CharField(max_length=300, blank=True, help_text="Program of the sign-in.")
    token_version = models.PositiveIntegerField(
        null=True, blank=True, help_text="The member's when it began; once theirs is higher, it is over."
    )
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it was ended; its tokens are dead since.")
    ending = models.CharField(max_length=12, choices=Ending.choices, blank=True, help_text="Why it ended.")

    class Meta(ChangingRow.Meta):
        verbose_name_plural = "token families"
        indexes = [models.Index(fields=["expires_at"], name="accounts_tokenfamily_expiry")]

    def __str__(self) -> str:
        return str(self.pk)
