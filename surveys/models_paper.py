"""Printed questionnaires (C2.4): coded questions, numbered sheets, each entered by two people, compared, decided."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import NamedInTwoLanguages
from common.wording import in_english
from tickets.models import Ticket


class Questionnaire(NamedInTwoLanguages):
    """A set of questions. Once a sheet is printed the questions stay: answers would mean something else."""

    code = models.CharField(
        _("code"), max_length=12, unique=True,
        validators=[RegexValidator(r"\A[A-Z][A-Z0-9]*\Z", _("Capital letters and digits, a letter first."))],
    )  # fmt: skip
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField()
    last_serial = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["code"]

    @property
    def is_printed(self) -> bool:
        return self.last_serial > 0


class Question(NamedInTwoLanguages):
    """`rating` is coded 1 (very dissatisfied) to 5 (very satisfied), `choice` by the place of the option from 1."""

    class Kind(models.TextChoices):
        RATING = "rating", _("Rating 1 to 5")
        CHOICE = "choice", _("Choice")
        TEXT = "text", _("In own words")

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    code = models.SlugField(_("code"), max_length=20)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    options = ArrayField(models.CharField(max_length=60), default=list, blank=True, verbose_name=_("options"))
    options_en = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("options in English")
    )

    class Meta:
        ordering = ["questionnaire", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "code"], name="one_question_per_code"),
            models.CheckConstraint(condition=Q(kind="choice") | Q(options=[]), name="only_choices_have_options"),
        ]

    @property
    def highest(self) -> int:
        """The highest code of an answer; 0 for words."""
        return {"rating": 5, "choice": len(self.options)}.get(self.kind, 0)

    @property
    def local_options(self) -> list[str]:
        english = in_english() and len(self.options_en) == len(self.options)
        return self.options_en if english else self.options


class Sheet(models.Model):
    """One printed paper. `code` ends in a check character, so that a mistyped one is no other sheet's."""

    class State(models.TextChoices):
        PRINTED = "printed", _("Handed out")
        ONCE = "once", _("Entered once")
        DIFFERS = "differs", _("Entries differ")
        SETTLED = "settled", _("Settled")

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="sheets")
    serial = models.PositiveIntegerField()
    code = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.PRINTED)
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="Who decided a difference."
    )
    ticket = models.OneToOneField(Ticket, models.SET_NULL, null=True, related_name="sheet")

    class Meta:
        ordering = ["questionnaire", "serial"]
        constraints = [models.UniqueConstraint(fields=["questionnaire", "serial"], name="one_sheet_per_serial")]
        indexes = [models.Index(fields=["questionnaire", "state"], name="sheet_by_state")]


class SheetEntry(models.Model):
    """One person's reading of a sheet: `{question code: value or words, "name", "phone", "collected_on"}`."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="entries")
    number = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answers = models.JSONField()

    class Meta:
        ordering = ["sheet", "number"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="one_entry_per_number"),
            models.UniqueConstraint(fields=["sheet", "by"], name="two_entries_by_two_people"),
            models.CheckConstraint(condition=Q(number__in=[1, 2]), name="entered_twice_at_most"),
        ]


class SheetAnswer(models.Model):
    """A settled answer, coded. None and "" is a question that was left out, or marked twice."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField(null=True)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["sheet", "question"]
        constraints = [models.UniqueConstraint(fields=["sheet", "question"], name="one_answer_per_question")]
        indexes = [models.Index(fields=["question", "value"], name="sheet_answer_counted")]
