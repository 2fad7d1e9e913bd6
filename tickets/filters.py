"""One FilterSet for the queue and the API: every list of tickets is reachable by address."""

from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from drf_spectacular.utils import extend_schema_field

from common.text import whole_number
from tickets import figures, people_shown
from tickets.channels import Channel
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.queue import seek
from tickets.search import index as search
from tickets.search import operators as search_operators
from tickets.workflow import UNANSWERED, Nature, Rating, Status, Tier

NONE = "none"
OPEN = "open"
TIMES = {"late": _("Overdue"), "soon": _("Due soon"), "ok": _("On time"), "hold": _("Paused")}


class WordsField(forms.MultipleChoiceField):
    """Several values, repeated in the address or separated by commas. Without `choices` any short text passes."""

    def to_python(self, value: Any) -> list[str]:
        return [word.strip() for part in value or [] for word in str(part).split(",") if word.strip()]

    def validate(self, value: list[str]) -> None:
        if self.choices:
            super().validate(value)
        elif any(len(word) > 150 or "\x00" in word for word in value):
            raise forms.ValidationError(_("Too long."))


class WordsFilter(django_filters.MultipleChoiceFilter):
    field_class = WordsField

    def is_noop(self, qs: TicketQuerySet, value: Any) -> bool:
        return not value


@extend_schema_field({"type": "string", "description": "Codes; `none`: without one."})
class CodesFilter(WordsFilter):
    """Rows by their codes."""


@extend_schema_field({"type": "string", "description": "User names; `me` is the caller, `none` nobody."})
class PeopleFilter(WordsFilter):
    """People by their user names."""


class YesNoField(forms.CharField):
    """True, false, or not asked for; another word is refused rather than passed over."""

    def to_python(self, value: Any) -> bool | None:
        word = str(value or "").strip().lower()
        if word in {"", "true", "1", "false", "0"}:
            return word in {"true", "1"} if word else None
        raise forms.ValidationError(_("Say true or false."))


@extend_schema_field({"type": "boolean"})
class YesNoFilter(django_filters.Filter):
    field_class = YesNoField


@extend_schema_field({"type": "integer", "minimum": 1})
class IntegerFilter(django_filters.NumberFilter):
    field_class = forms.IntegerField


@extend_schema_field({"type": "string", "description": "ISO 8601: an instant with offset, or a day."})
class MomentFilter(django_filters.IsoDateTimeFilter):
    """An instant; a day alone is its beginning in the organisation's time."""


class TicketFilter(django_filters.FilterSet):
    """`at` is the present moment for `overdue` and `time`; `user` is whom `me` means."""

    status = WordsFilter(label=_("status"), choices=[(OPEN, _("Open")), *Status.choices], method="by_status")
    nature = WordsFilter(label=_("nature"), choices=Nature.choices, method="by_code")
    tier = WordsFilter(label=_("tier"), choices=Tier.choices, method="by_code")
    channel = WordsFilter(label=_("channel"), choices=Channel.choices, method="by_code")
    scope = WordsFilter(label=_("scope"), choices=Ticket.Scope.choices, method="by_code")
    category = CodesFilter(label=_("category"), method="by_reference")
    department = CodesFilter(label=_("lead department"), method="by_reference")
    owner = PeopleFilter(label=_("owner"), method="by_reference")
    first_contact = PeopleFilter(label=_("first contact"), method="by_reference")
    region = CodesFilter(label=_("region"), method="by_region")
    time = WordsFilter(label=_("time limit"), choices=list(TIMES.items()), method="by_time")
    overdue = YesNoFilter(label=_("overdue"), method="by_overdue")
    due_before = MomentFilter(label=_("due before"), method="by_due")
    received_after = MomentFilter("received_at", "gte", label=_("received from"))
    received_before = MomentFilter("received_at", "lt", label=_("received before"))
    resolved_after = MomentFilter("first_resolved_at", "gte", label=_("first resolved from"))
    resolved_before = MomentFilter("first_resolved_at", "lt", label=_("first resolved before"))
    needs_review = YesNoFilter(label=_("needs manual review"))
    bad_review = YesNoFilter("is_bad_review", label=_("bad review"))
    round = IntegerFilter(label=_("round"), min_value=1, max_value=1000)
    rating = WordsFilter(label=_("rating"), choices=[(NONE, _("Not rated")), *Rating.choices], method="by_rating")
    customer = IntegerFilter("customer_id", label=_("customer"), min_value=1, max_value=2**63 - 1)
    problem = CodesFilter(label=_("problem"), method="by_problem")
    special_report = YesNoFilter(label=_("special report owed by the reader"), method="by_special_report")
    q = django_filters.CharFilter(label=_("search"), max_length=200, method="by_text")
    figure = django_filters.CharFilter(label=_("figure"), max_length=60, method="by_figure")
    ordering = django_filters.ChoiceFilter(
        label=_("order"), choices=[(name, name) for name in seek.ORDERINGS], method="by_ordering"
    )

    class Meta:
        model = Ticket
        fields: list[str] = []

    def __init__(self, data: Any = None, *args: Any, at: datetime, user: Any, **options: Any) -> None:
        # only what the address asks for is built: thirty filters and their form cost more than the list itself
        self.base_filters = {name: one for name, one in type(self).base_filters.items() if name in (data or {})}
        super().__init__(data, *args, **options)
        self.at, self.user, self.unknown = at, user, dict[str, list[str]]()

    def by_status(self, tickets: TicketQuerySet, name: str, words: list[str]) -> TicketQuerySet:
        wanted = {status for word in words for status in (UNANSWERED if word == OPEN else [word])}
        return tickets.filter(status__in=sorted(wanted))

    def by_code(self, tickets: TicketQuerySet, name: str, words: list[str]) -> TicketQuerySet:
        return tickets.filter(**{f"{name}__in": words})

    def by_reference(self, tickets: TicketQuerySet, name: str, words: list[str]) -> TicketQuerySet:
        """By the code of a row or the name of a user; `none` means that there is none, `me` the reader."""
        codes = [self.user.get_username() if word == "me" else word for word in words if word != NONE]
        key = "username" if name in {"owner", "first_contact"} else "code"
        reach = Q(**{f"{name}__in": self.known(name, key, {code: code for code in codes})})
        return tickets.filter(reach | Q(**{name: None}) if NONE in words else reach)

    def known(self, name: str, key: str, wanted: dict[str, Any]) -> list[Any]:
        """The primary keys of the rows whose `key` is one of `wanted`, which is by the words of the address; words of which
        there is no row stay in `unknown`. One query, or none.
        """
        model: Any = Ticket._meta.get_field(name).related_model
        rows = dict(model.objects.filter(**{f"{key}__in": wanted.values()}).values_list(key, "pk")) if wanted else {}
        if missing := [word for word, value in wanted.items() if value not in rows]:
            self.unknown[name] = missing
        return list(rows.values())

    def by_region(self, tickets: TicketQuerySet, name: str, words: list[str]) -> TicketQuerySet:
        """A province's or city's code stands for all below it: `330000`, `330100`, `330106`."""
        reach = Q(region=None) if NONE in words else Q(pk__in=[])
        for code in self.known(name, "code", {word: word for word in words if word != NONE}):
            first, last = region_span(code)
            reach |= Q(region__gte=first, region__lte=last)
        return tickets.filter(reach)

    def by_time(self, tickets: TicketQuerySet, name: str, words: list[str]) -> TicketQuerySet:
        at = self.at
        marks = {
            "late": Q(next_due_at__lte=at),
            "soon": Q(next_due_at__gt=at, soon_at__lte=at),
            "ok": Q(next_due_at__gt=at) & (Q(soon_at__gt=at) | Q(soon_at=None)),
            "hold": Q(next_due_at=None),
        }
        reach = Q(pk__in=[])
        for word in words:
            reach |= marks[word]
        return tickets.open().filter(reach)

    def by_overdue(self, tickets: TicketQuerySet, name: str, overdue: bool) -> TicketQuerySet:
        if overdue:
            return tickets.overdue(self.at)
        return tickets.exclude(status__in=sorted(UNANSWERED), next_due_at__lte=self.at)

    def by_due(self, tickets: TicketQuerySet, name: str, before: datetime) -> TicketQuerySet:
        return tickets.open().filter(next_due_at__lt=before)

    def by_rating(self, tickets: TicketQuerySet, name: str, words: list[str]) -> TicketQuerySet:
        return tickets.filter(rating__in=["" if word == NONE else word for word in words])

    def by_problem(self, tickets: TicketQuerySet, name: str, words: list[str]) -> TicketQuerySet:
        numbers = {word: whole_number(word) or 0 for word in words if word != NONE}
        reach = Q(problem__in=self.known(name, "pk", numbers))
        return tickets.filter(reach | Q(problem=None) if NONE in words else reach)

    def by_special_report(self, tickets: TicketQuerySet, name: str, owed: bool) -> TicketQuerySet:
        """Major cases that are answered, whose group the reader leads and has not concluded yet."""
        led = tickets.report_owed_by(self.user)
        return led if owed else tickets.exclude(pk__in=led.order_by().values("pk"))

    def by_text(self, tickets: TicketQuerySet, name: str, text: str) -> TicketQuerySet:
        """Words, and conditions among them (`search_operators`). A condition that cannot be met finds nothing."""
        asked = search_operators.read(text, self.labels())
        personal = people_shown.sees_personal_data(self.user)
        if asked.text or not asked:
            said = {"phrases": asked.phrases, "without": asked.without}
            tickets = search.search(tickets, asked.text, personal=personal, reader=self.user, **said)
        else:
            for word in asked.without:
                tickets = search.lacking(tickets, word, personal=personal)
        if asked.wanted:
            tickets = self.narrowed(tickets, asked.wanted)
        for condition, values in asked.unwanted.items():
            left_out = self.narrowed(Ticket.objects.all(), {condition: values})
            tickets = tickets.exclude(pk__in=left_out.order_by().values("pk"))
        return tickets

    def narrowed(self, tickets: TicketQuerySet, conditions: dict[str, list[str]]) -> TicketQuerySet:
        data = QueryDict(mutable=True)
        for condition, values in conditions.items():
            data.setlist(condition, values)
        narrow = type(self)(data, queryset=tickets, at=self.at, user=self.user)
        return narrow.qs if narrow.form.is_valid() else tickets.none()

    @classmethod
    def labels(cls, *, with_codes: bool = False) -> dict[str, dict[str, str]]:
        """What people read, in both languages, and the code behind it; `with_codes`: the codes themselves too."""
        found: dict[str, dict[str, str]] = {}
        for language in ("zh-hans", "en"):
            with override(language):
                for name in search_operators.OPERATORS:
                    for code, label in cls.base_filters[name].extra.get("choices", ()):
                        found.setdefault(name, {})[str(label).lower()] = code
                        if with_codes:
                            found[name][str(code).lower()] = code
        return found

    def filter_queryset(self, tickets: TicketQuerySet) -> TicketQuerySet:
        tickets = super().filter_queryset(tickets)
        for name, missing in self.unknown.items():
            said = [forms.ValidationError(_("There is no “%(word)s”."), params={"word": word}) for word in missing]
            self.form.add_error(name, forms.ValidationError(said))
        if self.unknown:
            return tickets.none()
        code = self.form.cleaned_data.get("figure")
        if not code:
            return tickets
        try:
            return figures.apply(code, tickets, {key: self.data[key] for key in self.data})
        except KeyError:
            self.form.add_error("figure", _("There is no such figure."))
        except ValueError:
            self.form.add_error("figure", _("This link to a figure cannot be read."))
        return tickets.none()

    def by_figure(self, tickets: TicketQuerySet, name: str, code: str) -> TicketQuerySet:
        return tickets  # `filter_queryset` applies it last, because it can refuse

    def by_ordering(self, tickets: TicketQuerySet, name: str, ordering: str) -> TicketQuerySet:
        return tickets  # the pages order, because they go on from the last row seen


def region_span(code: str) -> tuple[str, str]:
    """The first and the last code below one: `330000` → `330000`–`339999`, `330100` → `330100`–`330199`."""
    if len(code) == 6 and code.endswith("0000"):
        return code, code[:2] + "9999"
    return code, code[:4] + "99" if len(code) == 6 and code.endswith("00") else code
