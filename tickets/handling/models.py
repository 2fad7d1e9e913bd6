"""How a case is worked: what was found, what is to be done, what came of it, and who reviewed it (D3.1 B3.2 B3.4)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import NamedInTwoLanguages
from tickets.workflow import Gate, Nature, RejectReason, Remedy, Tier, Verdict


class Cause(NamedInTwoLanguages):
    """A3.2: the coded causes that an investigation chooses from."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("cause")
        verbose_name_plural = _("causes")


def _person() -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")


class Handling(models.Model):
    """The sheet of one round: the last word of each step. What stood there before is in the history."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="handlings")
    round = models.PositiveSmallIntegerField()

    facts = models.TextField(_("facts"), blank=True)
    cause = models.ForeignKey(Cause, models.PROTECT, null=True, blank=True, verbose_name=_("cause"))
    true_need = models.TextField(_("what the customer really needs"), blank=True)
    investigated_by = _person()
    investigated_at = models.DateTimeField(null=True)

    measures = models.TextField(_("measures"), blank=True)
    goal = models.TextField(_("expected goal"), blank=True)
    limit = models.DateTimeField(_("to be done by"), null=True, blank=True)
    remedy = models.CharField(_("remedy"), max_length=20, choices=Remedy, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, null=True, blank=True)
    planned_by = _person()
    planned_at = models.DateTimeField(null=True)

    agreed = models.BooleanField(_("the customer agreed"), null=True)
    agreement = models.TextField(_("what was agreed"), blank=True)
    agreed_at = models.DateTimeField(null=True)

    verdict = models.CharField(_("assessment"), max_length=10, choices=Verdict, blank=True)  # of a suggestion
    verdict_reason = models.TextField(_("reason"), blank=True)
    assessed_by = _person()
    assessed_at = models.DateTimeField(null=True)

    result = models.TextField(_("result"), blank=True)
    reported_by = _person()
    reported_at = models.DateTimeField(null=True)
    reports = models.PositiveSmallIntegerField(default=0)
    rejections = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["ticket", "round"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "round"], name="one_sheet_a_round"),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="remedies_are_not_negative"),
        ]
        indexes = [models.Index(fields=["cause", "investigated_at"], name="handling_cause")]


class ReviewRule(models.Model):
    """Which gates a result passes before the customer gets it. An empty tier stands for every tier without a rule."""

    nature = models.CharField(_("nature"), max_length=12, choices=Nature)
    tier = models.CharField(_("tier"), max_length=2, choices=Tier, blank=True)
    gates = ArrayField(models.CharField(max_length=12, choices=Gate), default=list, blank=True, verbose_name=_("gates"))
    call_back = models.BooleanField(_("the office calls the customer back"), default=False)

    class Meta:
        ordering = ["nature", "tier"]
        verbose_name = _("review rule")
        verbose_name_plural = _("review rules")
        constraints = [models.UniqueConstraint(fields=["nature", "tier"], name="one_review_rule")]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} {self.tier}".strip()


class Review(models.Model):
    """One gate of one report. `decision` is empty while nobody has decided; it lapses when an earlier gate rejects."""

    class Decision(models.TextChoices):
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        LAPSED = "lapsed", _("Lapsed")

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="reviews")
    round = models.PositiveSmallIntegerField()
    report = models.PositiveSmallIntegerField(help_text="The how-manieth report of the round.")
    position = models.PositiveSmallIntegerField()
    gate = models.CharField(max_length=12, choices=Gate)
    call_back = models.BooleanField(default=False)
    reported_by = _person()
    opened_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decided_by = _person()
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, blank=True)
    text = models.TextField(blank=True)
    called = models.TextField(blank=True)
    stood_in = models.BooleanField(default=False, db_default=False, help_text="Decided in the place of the head.")

    class Meta:
        ordering = ["ticket", "round", "report", "position"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "round", "report", "gate"], name="one_review_a_gate"),
        ]
        indexes = [models.Index(fields=["gate", "opened_at"], condition=Q(decision=""), name="review_open")]

    @property
    def reason_label(self) -> str:
        return str(RejectReason(self.reason).label) if self.reason else ""

    @property
    def gate_label(self) -> str:
        return gate_label(self.gate, self.stood_in)


def gate_label(gate: str, stood_in: bool) -> str:
    """A gate's name; where somebody decided in the head's place, with that."""
    return gettext("Department head (decided in the head’s place)") if stood_in else str(Gate(gate).label)
