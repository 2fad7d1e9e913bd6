"""Forms for cases that belong together, and for the first contact."""

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from common import wording
from common.form_fields import TextField
from common.phones import phone_number
from tickets import workflow
from tickets.forms import MoveForm
from tickets.models import Message, Ticket
from tickets.querysets import WORKING


class OtherForm(MoveForm):
    """Names another case by its number; `reader` may see it, or the form says that there is none."""

    argument = "other"
    number = forms.CharField(label=_("Number of the other case"), max_length=30)
    reason = TextField(label=_("Reason"), required=False, max_length=500, widget=forms.TextInput)

    def clean_number(self) -> Ticket:
        wish = self.cleaned_data["number"].strip()
        found = Ticket.objects.visible_to(self.reader).filter(number=wish).first() if self.reader else None
        if found is None:
            raise forms.ValidationError(_("You see no case of this number."))
        return found

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        return given | {self.argument: given.pop("number")}


class MergeForm(OtherForm):
    argument = "into"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["number"].help_text = _(
            "Whoever has the tracking code of this case then reads the other one too: be sure that both are one person’s."
        )


class SplitForm(MoveForm):
    subject = TextField(label=_("Subject"), max_length=200, widget=forms.TextInput)
    content = TextField(label=_("Content"))
    nature = forms.ChoiceField(label=_("Nature"), choices=workflow.Nature.choices)
    message = forms.ChoiceField(
        label=_("Told in"), required=False, help_text=_("The limits of the new case begin with it.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        first = _("%(at)s, the first words") % {"at": wording.moment(self.ticket.received_at)}
        self.fields["message"].choices = [("", first), *said_choices(self.situation.customer_said)]

    def arguments(self) -> dict[str, Any]:
        """On the page a matter was told by the customer, sooner or later: dividing late hides no lateness."""
        given = super().arguments()
        if "message" not in given:
            return given | {"told_first": True}
        return given | {"message": next(row for row in self.situation.customer_said if str(row.pk) == given["message"])}


def said_choices(rows: list[Message]) -> list[tuple[str, str]]:
    return [(str(row.pk), f"{wording.moment(row.at)} {shortened(row.text)}") for row in rows]


def shortened(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(40)


class CustomerForm(MoveForm):
    """The customer of another case by its number, else somebody new; all empty: nobody known."""

    like = forms.CharField(
        label=_("Number of another case of the right customer"), max_length=30, required=False,
        help_text=_("Or name the right customer below. Everything empty: the customer is not known."),
    )  # fmt: skip
    name = TextField(label=_("Name"), max_length=100, required=False, widget=forms.TextInput)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    end_code = forms.BooleanField(
        label=_("End the tracking code, which the former customer may have"), required=False, initial=True
    )
    withhold = forms.MultipleChoiceField(
        label=_("Written by the former customer"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Kept for colleagues, with its files, and not shown to the right customer."),
    )  # fmt: skip
    reason = TextField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = self.situation.customer_said
        self.fields["withhold"].choices = said_choices(rows)
        self.initial["withhold"] = [str(row.pk) for row in rows if row.author_id is None]
        if not rows:
            del self.fields["withhold"]

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        if "withhold" in given:
            given["withhold"] = [row for row in self.situation.customer_said if str(row.pk) in given["withhold"]]
        return given

    def clean_like(self) -> Ticket | None:
        wish = self.cleaned_data["like"].strip()
        if not wish:
            return None
        seen = Ticket.objects.visible_to(self.reader).select_related("customer") if self.reader else None
        found = seen.filter(number=wish).first() if seen is not None else None
        if found is None:
            raise forms.ValidationError(_("You see no case of this number."))
        return found

    def clean_phone(self) -> str:
        return phone_or_refusal(self.cleaned_data["phone"], forms.ValidationError)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("like") and any(given.get(name) for name in ("name", "phone", "email")):
            self.add_error("like", _("Either another case or a name and address."))
        return given


def phone_or_refusal(text: str, refusal: type[Exception]) -> str:
    try:
        return phone_number(text) if text.strip() else ""
    except ValueError:
        raise refusal(_("This telephone number cannot be right; please check it.")) from None


class FirstContactForm(MoveForm):
    person = forms.ChoiceField(label=_("Person"))
    reason = TextField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people = self.offer.people
        others = [name for name, person in people.items() if not person.has_role(*WORKING, Role.OFFICE)]
        self.fields["person"].choices = self.offer.people_choices(_("Choose"), besides=others)

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        return given | {"person": self.offer.people[given["person"]]}
