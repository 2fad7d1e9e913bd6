"""The forms by which people move a ticket. One class a verb; `arguments()` is what the service of that name takes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, User
from accounts.region_field import RegionField
from common.form_fields import TextField
from tickets import workflow
from tickets.answers import by_sms, canned, ways
from tickets.answers.answer_parts import parts_of
from tickets.channels import SMS
from tickets.models import Category, Ticket
from tickets.situation import Settings, Situation, settings_known
from tickets.wording import Names
from tickets.workflow import Nature, Status


class Offer:
    """What the forms of one page choose from: departments, people, categories. Two queries at most, when asked."""

    def __init__(self, situation: Situation | None = None) -> None:
        self.situation = situation

    @cached_property
    def settings(self) -> Settings:
        return settings_known()

    @property
    def departments(self) -> dict[str, Department]:
        return self.settings.departments

    @cached_property
    def people(self) -> dict[str, User]:
        rows = User.objects.active().exclude(department=None).defer("password", "email", "phone")
        return {row.username: row for row in rows}

    @property
    def categories(self) -> dict[str, Category]:
        return self.settings.categories

    @property
    def department_names(self) -> dict[str, str]:
        return self.settings.named()["departments"]

    @cached_property
    def people_names(self) -> dict[str, str]:
        return {name: str(row) for name, row in self.people.items()}

    @cached_property
    def people_within(self) -> dict[int | None, list[tuple[str, str]]]:
        """User name and name of who works in a department, by its key; who is away is said to be."""
        found: dict[int | None, list[tuple[str, str]]] = {}
        for name, row in self.people.items():
            called = self.people_names[name]
            label = gettext("%(person)s (away)") % {"person": called} if row.is_absent else called
            found.setdefault(row.department_id, []).append((name, label))
        return found

    def names(self) -> Names:
        return Names(people=self.people_names, **self.settings.named())

    def department_choices(self) -> list[tuple[str, str]]:
        named = self.department_names
        return [("", _("Choose"))] + [(code, named[code]) for code, row in self.departments.items() if row.is_active]

    def people_choices(self, empty: Any, within: Department | None = None, besides: Collection[str] = ()) -> list[Any]:
        """People by department, without `besides`; of one department only when `within` is given."""
        groups = []
        named = self.department_names
        for code, department in self.departments.items():
            if not department.is_active or (within is not None and department.pk != within.pk):
                continue
            rows = [row for row in self.people_within.get(department.pk, ()) if row[0] not in besides]
            if rows:
                groups.append((named[code], rows))
        return [("", empty), *groups]


class MoveForm(forms.Form):
    """A verb without further questions."""

    takes_files = False
    reader: Any = None  # who fills it in; set when it is sent

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, ticket: Ticket, offer: Offer, **options: Any) -> None:
        self.ticket, self.offer = ticket, offer
        self.situation = offer.situation or Situation(ticket)
        options.setdefault("initial", {}).setdefault("version", ticket.version)
        super().__init__(*args, **options)

    def arguments(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class AssignForm(MoveForm):
    department = forms.ChoiceField(label=_("Department"))
    owner = forms.ChoiceField(label=_("Person"), required=False)
    reason = TextField(label=_("Reason"), required=False, max_length=500, widget=forms.TextInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["department"].choices = self.offer.department_choices()
        self.fields["owner"].choices = self.offer.people_choices(
            _("The department decides"), besides=self.situation.barred
        )

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        given["department"] = self.offer.departments[given["department"]]
        if "owner" in given:
            given["owner"] = self.offer.people[given["owner"]]
        return given


class AcceptForm(MoveForm):
    owner = forms.ChoiceField(label=_("Owner"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].choices = self.offer.people_choices(
            _("I do it myself"), self.ticket.department, self.situation.barred
        )

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        return given | {"owner": self.offer.people[given["owner"]]} if "owner" in given else given


class ReturnForm(MoveForm):
    takes_files = True
    reason = forms.ChoiceField(label=_("Reason"), choices=workflow.ReturnReason.choices)
    text = TextField(label=_("Explanation"), required=False, max_length=500)


class ClassifyForm(MoveForm):
    nature = forms.ChoiceField(label=_("Nature"), choices=workflow.Nature.choices)
    tier = forms.ChoiceField(label=_("Tier"), choices=workflow.Tier.choices)
    category = forms.ChoiceField(label=_("Category"), required=False)
    scope = forms.ChoiceField(label=_("Scope"), choices=Ticket.Scope.choices)
    region = RegionField()
    needs_review = forms.BooleanField(label=_("Needs manual review"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        ticket = self.ticket
        self.initial |= {
            "nature": ticket.nature,
            "tier": ticket.tier,
            "category": ticket.category.code if ticket.category else "",
            "scope": ticket.scope,
            "region": ticket.region.local_full_name if ticket.region else "",
            "needs_review": ticket.needs_review,
        }
        rows = [
            (code, str(row)) for code, row in self.offer.categories.items() if row.is_active or row == ticket.category
        ]
        self.fields["category"].choices = [("", _("None")), *rows]

    def arguments(self) -> dict[str, Any]:
        given = {name: value for name, value in self.cleaned_data.items() if name in self.changed_data}
        if "category" in given:
            given["category"] = self.offer.categories.get(given["category"])
        return given | {"version": self.cleaned_data["version"]}


class VoidForm(MoveForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=workflow.VoidReason.choices)
    text = TextField(label=_("Explanation"), required=False, max_length=500)


class ReasonForm(MoveForm):
    reason = TextField(label=_("Reason"), max_length=500)


class EscalateForm(MoveForm):
    reason = TextField(
        label=_("What stands in the way"), max_length=500,
        help_text=_("It goes one level up, to those who can help; the limits run on, and the weekly meeting hears of it."),
    )  # fmt: skip


class RestoreForm(MoveForm):
    reason = TextField(label=_("Reason"), required=False, max_length=500)


class RemindForm(MoveForm):
    text = TextField(label=_("Message"), required=False, max_length=500)


class CloseForm(MoveForm):
    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"reason": "person"}


# --- the composer ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class Kind:
    """`key` chooses it from anywhere on the page."""

    verb: str
    label: Any
    key: str = ""


KINDS = {
    kind.verb: kind
    for kind in (
        Kind("reply", _("Reply"), "r"),
        Kind("note", _("Internal note"), "n"),
        Kind("request_information", _("Ask the customer"), "s"),
        Kind("resolve", _("Answer and resolve"), "e"),
    )
}


class KindSelect(forms.RadioSelect):
    def create_option(self, name: str, value: Any, label: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, label, *args, **options)
        option["attrs"] |= {"data-key": KINDS[str(value)].key, "data-name": label}
        return option


class ComposerForm(MoveForm):
    """What is said on a ticket. A complaint's last answer must hold result, improvement and thanks (A5.2), or
    the writer confirms that it need not."""

    takes_files = True

    verb = forms.ChoiceField(label=_("Kind"), widget=KindSelect)
    text = TextField(label=_("Text"), required=False)
    via = forms.ChoiceField(label=_("By"), required=False)
    confirmed = forms.BooleanField(label=_("Send it as it is"), required=False)
    resolves = forms.BooleanField(label=_("This answers it: resolve at once"), required=False)

    def __init__(self, *args: Any, verbs: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [(kind.verb, kind.label) for kind in KINDS.values() if kind.verb in set(verbs)]
        self.fields["verb"].choices = offered
        self.speaks = any(verb != "note" for verb, _label in offered)  # to the customer
        self.initial.setdefault("verb", offered[0][0] if offered else "")
        self.initial.setdefault("via", ways.usual(self.ticket))
        by_phone = [(SMS, _("SMS"))] if by_sms.offered(self.ticket, self.offer.settings) else []
        self.fields["via"].choices = [*ways.offered(self.ticket), *by_phone]
        self.canned = canned.offered(self.ticket, self.offer.settings)
        self.at_once = self.ticket.nature == Nature.INQUIRY and self.ticket.status in {Status.NEW, Status.ASSIGNED}
        self.parts: dict[str, bool] = {}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        verb, text = given.get("verb"), given.get("text", "")
        if given.get("via") == SMS and text and verb != "note":
            kind = "question" if verb == "request_information" else "replied"
            for wrong in by_sms.faults(self.ticket, text, kind=kind, known=self.offer.settings):
                self.add_error("text", wrong)
        if verb != "resolve" and not text and "text" not in self.errors:
            self.add_error("text", _("Write something first."))
        if verb == "resolve" and text and self.ticket.nature == Nature.COMPLAINT:
            self.parts = parts_of(text)
            if not all(self.parts.values()) and not given.get("confirmed"):
                self.add_error(
                    "confirmed",
                    _("An answer to a complaint holds result, improvement and thanks. Something seems missing."),
                )
        return given

    def arguments(self) -> dict[str, Any]:
        wanted = ("version", "text") if self.cleaned_data["verb"] == "note" else ("version", "text", "via")
        given = {name: self.cleaned_data[name] for name in wanted if self.cleaned_data.get(name) not in ("", None)}
        at_once = self.cleaned_data["verb"] == "reply" and self.at_once and self.cleaned_data.get("resolves")
        return given | ({"resolves": True} if at_once else {})


class PurposeForm(forms.Form):
    purpose = TextField(label=_("What do you read it for?"), max_length=500, widget=forms.TextInput)


class RevealForm(forms.Form):
    reason = TextField(label=_("Reason"), max_length=500, widget=forms.TextInput)
