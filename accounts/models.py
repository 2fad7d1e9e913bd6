"""People, departments, regions, tokens, and who read what."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import region_codes, roles
from accounts.duty_models import Shift
from accounts.querysets import DepartmentQuerySet, TokenQuerySet, UserManager
from accounts.roles import Role
from common.reading import QuicklyRead
from common.wording import in_english

__all__ = ["AccessLog", "ApiToken", "Department", "IdempotentCall", "NamedInTwoLanguages", "Region", "Shift", "User"]
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]


class NamedInTwoLanguages(models.Model):
    """An editable name, with the English beside it."""

    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.local_name

    @property
    def local_name(self) -> str:
        """The name in the reader's language; the Chinese one where no English is given."""
        return self.name_en if self.name_en and in_english() else self.name


class Department(NamedInTwoLanguages):
    """B4. A tree; `path` holds the ids from the root (`/3/17/`), so that a subtree is one prefix."""

    code = models.SlugField(
        _("code"), max_length=40, unique=True, help_text=_("The API, imports and rules name it by this code.")
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    path = models.CharField(max_length=200, editable=False, db_index=True)
    head = models.ForeignKey(
        "accounts.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="headed_departments",
        verbose_name=_("head"),
        help_text=_("Reviews, and takes over when a limit is missed."),
    )
    is_office = models.BooleanField(
        _("feedback office"), default=False, help_text=_("It assigns and supervises; exactly one department is it.")
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Inactive ones get no new cases; old cases keep them.")
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=100, help_text=_("Lists are in the order of these numbers.")
    )

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [
            models.UniqueConstraint(
                fields=["is_office"],
                condition=Q(is_office=True),
                name="one_feedback_office",
            )
        ]


class User(QuicklyRead, AbstractUser):
    """A person who works here, or an app's own account (`is_app`). One person can hold several roles."""

    first_name = last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    title = models.CharField(_("title"), max_length=100, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("department"),
    )
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role),
        default=list,
        blank=True,
        verbose_name=_("roles"),
    )
    language = models.CharField(_("language"), max_length=10, default="zh-hans", choices=LANGUAGES)
    is_app = models.BooleanField(_("account of an app"), default=False)
    is_absent = models.BooleanField(
        _("absent"), default=False, help_text=_("Gets no alerts on arrival while away; cases stay assigned.")
    )

    capacity = models.PositiveSmallIntegerField(
        _("capacity"), null=True, blank=True,
        help_text=_("So many open cases at most are dealt to this person by rules. Empty: no limit."),
    )  # fmt: skip
    share = models.PositiveSmallIntegerField(
        _("share in turns"), default=1,
        help_text=_("Where cases are dealt in turn: 2 gets twice as many as 1; 0 gets none."),
    )  # fmt: skip

    objects: ClassVar[UserManager] = UserManager()

    class Meta(AbstractUser.Meta):
        ordering = ["username"]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        english = self.name_en and in_english()
        return self.name_en if english else self.name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    @property
    def role_labels(self) -> list[str]:
        return [str(roles.Role(role).label) for role in self.roles]

    def has_role(self, *wanted: str) -> bool:
        return roles.any_of(self.roles, wanted)


def full_name_in(language: str, code: str, full_name: str, *, own: str = "") -> str:
    """For rows read as plain values, whose region is a code and its full name in Chinese."""
    return (in_english(language) and region_codes.english_full(code, own)) or full_name


class Region(NamedInTwoLanguages):
    """An official administrative division: province, city or county, by its six-digit code."""

    class Level(models.IntegerChoices):
        PROVINCE = 1, _("province")
        CITY = 2, _("city")
        COUNTY = 3, _("county")

    code = models.CharField(_("code"), max_length=6, primary_key=True)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    full_name = models.CharField(_("full name"), max_length=100)

    class Meta:
        ordering = ["code"]
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    @property
    def province_code(self) -> str:
        return self.code[:2] + "0000"

    @property
    def local_full_name(self) -> str:
        """With what it lies in, in the reader's language: 浙江省杭州市, or Hangzhou, Zhejiang."""
        return full_name_in(get_language() or "", self.code, self.full_name, own=self.name_en)


class ApiToken(models.Model):
    """A bearer token of an app: stored hashed, with scopes and an end."""

    class Scope(models.TextChoices):
        SUBMIT = "submit", _("Submit and track feedback")
        READ = "read", _("Read tickets")
        MANAGE = "manage", _("Move tickets")
        REPORTS = "reports", _("Read figures and reports")

    name = models.CharField(_("name"), max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", verbose_name=_("acts as"))
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), verbose_name=_("scopes"))
    per_minute = models.PositiveIntegerField(_("calls a minute"), default=60000)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name


class IdempotentCall(models.Model):
    """One POST with an `Idempotency-Key`, or one form with its token, and the answer that it got.

    The answer is sealed with a key derived from the caller's own key, because it can hold a tracking code
    that nobody else may read; see `accounts/idempotency.py`.
    """

    key_digest = models.CharField(max_length=64)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    sealed_answer = models.BinaryField(null=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key_digest"], name="one_call_a_key")]


class AccessLog(models.Model):
    """D6 B7: who read what, when, what for. Append-only."""

    class Action(models.TextChoices):
        REVEAL = "reveal", _("Personal data shown")
        READ_ARCHIVE = "read_archive", _("Archived case read")
        EXPORT = "export", _("Export")
        LOGIN = "login", _("Signed in")
        LOGIN_FAILED = "login_failed", _("Sign-in refused")

    at = models.DateTimeField(_("when"))
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    action = models.CharField(_("what was done"), max_length=20, choices=Action)
    subject = models.CharField(_("what was read"), max_length=100, help_text=_("Such as a ticket's number."))
    purpose = models.CharField(_("purpose"), max_length=500, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("access record")
        verbose_name_plural = _("access log")
        indexes = [models.Index(fields=["subject", "at"], name="access_log_subject")]

    def __str__(self) -> str:
        return self.subject
