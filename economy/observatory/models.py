from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.lib.money import ZERO, CoinsField
from config.lib.rows import Row


class EconomyFigures(models.Model):
    """The figures of one moment."""

    in_wallets = CoinsField(default=ZERO, help_text="Coins in all wallets.")
    on_content = CoinsField(default=ZERO, help_text="Tips inside their refund window, and open bounties.")
    in_orders = CoinsField(default=ZERO, help_text="Sales inside their refund window.")
    treasury = CoinsField(default=ZERO, help_text="The community's pool.")
    burned = CoinsField(default=ZERO, help_text="Coins burned.")
    paid_out = CoinsField(default=ZERO, help_text="Coins that left the site.")
    ever_created = CoinsField(default=ZERO, help_text="All coins ever created.")
    members = models.PositiveIntegerField(default=0, help_text="Accounts that are not closed.")
    active_today = models.PositiveIntegerField(default=0, help_text="Members active on this UTC day.")
    posts = models.PositiveIntegerField(default=0, help_text="Posts that are visible.")
    comments = models.PositiveIntegerField(default=0, help_text="Comments that are visible.")

    class Meta:
        abstract = True


class SystemState(EconomyFigures):
    """One row: the figures as last refreshed, and when each job last ran."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, help_text="Always 1.")
    last_tax_collection_at = models.DateTimeField(null=True, help_text="Last complete tax run.")
    last_stipend_distribution_at = models.DateTimeField(null=True, help_text="Last complete stipend run.")
    last_decay_run_at = models.DateTimeField(null=True, help_text="Last complete decay run.")
    last_queue_update_at = models.DateTimeField(null=True, help_text="Last run of the ranking queue.")
    last_settlement_at = models.DateTimeField(null=True, help_text="Last settlement of tips.")
    last_analytics_update_at = models.DateTimeField(null=True, help_text="Last daily snapshot.")
    updated_at = models.DateTimeField(help_text="When the figures were last refreshed.")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="economy_systemstate_single")]
        verbose_name_plural = "system state"

    def __str__(self) -> str:
        return "state of the economy"


class Leader(Row):
    """One place in a table of members, as a job has last seen it. Who may be shown is asked when it is read."""

    class Board(models.TextChoices):
        WALLETS = "WALLETS", _("largest wallets")
        EARNERS = "EARNERS", _("earned most this week")

    board = models.CharField(max_length=10, choices=Board.choices, help_text="Which table.")
    place = models.PositiveIntegerField(help_text="Place among those that were found, from 1.")
    wallet = models.ForeignKey("accounts.Wallet", models.CASCADE, related_name="+", help_text="Whose wallet.")
    amount = CoinsField(help_text="What it is ranked by: its balance, or what it earned since Monday.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "place"], name="economy_leader_place")]

    def __str__(self) -> str:
        return f"{self.board} {self.place}"


class EconomySnapshot(EconomyFigures, Row):
    """The figures at the end of one UTC day."""

    day = models.DateField(unique=True, help_text="UTC day.")
    gini = models.DecimalField(
        max_digits=6, decimal_places=5, default=0, help_text="Gini coefficient of balances, 0 to 1."
    )
    lorenz = models.JSONField(default=list, help_text="Lorenz curve: pairs of population share and coin share.")
    moved = CoinsField(default=ZERO, help_text="Coins that moved between members that day (velocity of money).")
    tax = CoinsField(default=ZERO, db_default=ZERO, help_text="Tax that was collected that day.")
    stipend = CoinsField(default=ZERO, db_default=ZERO, help_text="Stipends that were paid that day.")

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return str(self.day)
