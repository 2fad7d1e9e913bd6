"""The library: problems that group tickets of several customers, their studies (C5.2), and what anybody may read: questions
and answers (C3.1), improvements and words of the public pages (A7)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.wording import in_english
from knowledge.querysets import ArticleQuerySet, ProblemQuerySet

WORDS = ("question", "answer", "words", "question_en", "answer_en")
"""Of an answer: what a version keeps."""


class Problem(models.Model):
    """A common problem 共性问题. Never a merge: every ticket keeps its own answer and rating."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        OPEN = "open", _("Open")
        SOLVED = "solved", _("Solved")
        DISMISSED = "dismissed", _("Dismissed")

    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()
    alerted_at = models.DateTimeField(null=True, blank=True, help_text="When colleagues were last told that it grows.")
    joined_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="joined")

    objects = ProblemQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("problem")
        verbose_name_plural = _("problems")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("feedback:problem", args=[self.pk])


class Study(models.Model):
    """A special study 专项研究 of a problem that is frequent and hard (C5.2): who finds out what by when, and what came of it."""

    class Reason(models.TextChoices):
        FREQUENT = "frequent", _("Frequent and hard")
        DECIDED = "decided", _("Decided by the office")

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="studies")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="Empty: by the system."
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    goal = models.TextField(_("goal"), blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    findings = models.TextField(_("findings and measures"), blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["problem"], condition=Q(closed_at=None), name="one_open_study_a_problem")
        ]


class Article(models.Model):
    """A question that customers ask, and its answer. Only public ones leave the house, and drafts are offered to nobody."""

    class Readers(models.TextChoices):
        NOBODY = "nobody", _("Draft")
        HOUSE = "house", _("Colleagues only")
        PUBLIC = "public", _("Public")

    question = models.CharField(_("question"), max_length=200)
    question_en = models.CharField(_("question in English"), max_length=200, blank=True)
    answer = models.TextField(_("answer"))
    answer_en = models.TextField(_("answer in English"), blank=True)
    words = models.CharField(
        _("other words for it"), max_length=300, blank=True, help_text=_("As customers say it, separated by blanks.")
    )
    problem = models.ForeignKey(
        Problem, models.SET_NULL, null=True, blank=True, related_name="articles", verbose_name=_("problem")
    )
    is_public = models.BooleanField(_("public"), default=False)
    is_offered = models.BooleanField(_("offered to colleagues"), default=True)
    helped = models.PositiveIntegerField(_("helped"), default=0, editable=False)
    did_not_help = models.PositiveIntegerField(_("did not help"), default=0, editable=False)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-helped", "pk"]
        verbose_name = _("question and answer")
        verbose_name_plural = _("questions and answers")
        constraints = [
            models.CheckConstraint(condition=Q(is_public=False) | Q(is_offered=True), name="no_draft_is_public"),
        ]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        """The editor's."""
        return reverse("knowledge:edit", args=[self.pk])

    @property
    def readers(self) -> Readers:
        if self.is_public:
            return self.Readers.PUBLIC
        return self.Readers.HOUSE if self.is_offered else self.Readers.NOBODY

    @property
    def local_question(self) -> str:
        """In the reader's language."""
        return self.in_language(get_language() or "")[0]

    def in_language(self, language: str) -> tuple[str, str]:
        """Question and answer; the Chinese ones where no English is given."""
        if in_english(language) and self.question_en and self.answer_en:
            return self.question_en, self.answer_en
        return self.question, self.answer


class ArticleVersion(models.Model):
    """An article as one change left it: who, when, the words, and who could read them. Append-only."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty: before versions were kept.",
    )
    readers = models.CharField(max_length=10, choices=Article.Readers)
    question = models.CharField(max_length=200)
    question_en = models.CharField(max_length=200, blank=True)
    answer = models.TextField()
    answer_en = models.TextField(blank=True)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="one_version_a_number")]

    def __str__(self) -> str:
        return f"{self.question} ({self.number})"


class PublicImprovement(models.Model):
    """您说了，我们改了 (A7): what customers said and what was changed, as the office words it; no customer is told by name."""

    said = models.CharField(_("you said"), max_length=300)
    said_en = models.CharField(_("you said, in English"), max_length=300, blank=True)
    did = models.TextField(_("we did"))
    did_en = models.TextField(_("we did, in English"), blank=True)
    done_on = models.DateField(_("done on"))
    problem = models.ForeignKey(
        Problem, models.SET_NULL, null=True, blank=True, related_name="improvements", verbose_name=_("common problem")
    )
    case_number = models.CharField(_("case it came from"), max_length=40, blank=True, db_index=True)
    is_public = models.BooleanField(_("public"), default=False)

    class Meta:
        ordering = ["-done_on", "-pk"]
        verbose_name = _("published improvement")
        verbose_name_plural = _("published improvements")

    def __str__(self) -> str:
        return self.said

    def in_language(self, language: str) -> tuple[str, str]:
        """Said and done; the Chinese words where no English is given."""
        if in_english(language) and self.said_en and self.did_en:
            return self.said_en, self.did_en
        return self.said, self.did


class PageText(models.Model):
    """Words of the office on a public page, before what the page says by itself."""

    class Page(models.TextChoices):
        PROMISE = "promise", _("Service promise")
        IMPROVEMENTS = "improvements", _("You said, we did")

    page = models.CharField(_("page"), max_length=20, choices=Page, unique=True)
    text = models.TextField(_("text"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)

    class Meta:
        verbose_name = _("words of a public page")
        verbose_name_plural = _("words of public pages")

    def __str__(self) -> str:
        return str(self.get_page_display())


def page_text(page: str, language: str) -> tuple[str, str]:
    """The words and the language that they are in; nothing where the office wrote none. One query."""
    row = PageText.objects.filter(page=page).first()
    if row is None:
        return "", ""
    return (row.text_en, "en") if in_english(language) and row.text_en else (row.text, "zh-Hans")
