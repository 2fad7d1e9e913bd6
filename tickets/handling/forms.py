"""Forms of handling and review: investigate, plan, agree, assess, report, approve, reject."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.form_fields import MomentField, TextField, day_picker
from tickets import workflow
from tickets.forms import MoveForm


class SheetForm(MoveForm):
    """Begins with what the sheet of the round holds already; its fields have the names of the sheet's columns."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        sheet = self.situation.sheet
        if sheet:
            for name in self.fields:
                if name != "version" and (value := getattr(sheet, name, None)) not in ("", None):
                    self.initial.setdefault(name, value)


class InvestigateForm(SheetForm):
    takes_files = True
    facts = TextField(label=_("What happened"), widget=forms.Textarea(attrs={"rows": 4}))
    cause = forms.ChoiceField(label=_("Cause"), required=False)
    true_need = TextField(label=_("What the customer really needs"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        sheet = self.situation.sheet
        known = sheet.cause if sheet else None
        self.initial["cause"] = known.code if known else ""
        rows = self.offer.settings.causes.values()
        choices = [(row.code, str(row)) for row in rows if row.is_active or row == known]
        self.fields["cause"].choices = [("", _("Not known yet")), *choices]
        if not choices:
            del self.fields["cause"]

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        return given | {"cause": self.offer.settings.causes[given["cause"]]} if "cause" in given else given


class PlanForm(SheetForm):
    measures = TextField(label=_("Measures"), widget=forms.Textarea(attrs={"rows": 4}))
    goal = TextField(label=_("Expected goal"), required=False, widget=forms.TextInput, max_length=500)
    limit = MomentField(label=_("To be done by"), required=False)
    remedy = forms.ChoiceField(label=_("Remedy"), required=False, choices=[("", _("None")), *workflow.Remedy.choices])
    amount = forms.DecimalField(
        label=_("Amount of money"), required=False, min_value=0, max_digits=12, decimal_places=2
    )


class AgreeForm(SheetForm):
    """The customer's word on the plan; where there is none, how often they want to hear of the case."""

    takes_files = True
    agreed = forms.TypedChoiceField(
        label=_("The customer"),
        choices=[("yes", _("agrees")), ("no", _("does not agree"))],
        widget=forms.RadioSelect,
        coerce=lambda answer: answer == "yes",
    )
    text = TextField(label=_("What was talked about"), max_length=2000)
    progress_days = forms.IntegerField(
        label=_("News for the customer every … days"), required=False, min_value=1, max_value=90,
        help_text=_("A limit watches over it; every reply starts it anew."),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        sheet = self.situation.sheet
        if not self.situation.planned:
            del self.fields["agreed"]
            self.fields["progress_days"].required = True
        if sheet and sheet.agreed is not None:
            self.initial |= {"agreed": "yes" if sheet.agreed else "no", "text": sheet.agreement}

    def arguments(self) -> dict[str, Any]:
        return {"agreed": True} | super().arguments()


class AssessForm(SheetForm):
    verdict = forms.ChoiceField(label=_("Assessment"), choices=workflow.Verdict.choices, widget=forms.RadioSelect)
    reason = TextField(label=_("Reason"), max_length=2000)
    improvement = TextField(
        label=_("What will be improved"), required=False, max_length=2000,
        help_text=_("When it is adopted. The customer is told when it is done, even months later."),
    )  # fmt: skip
    owner = forms.ChoiceField(label=_("Who does it"), required=False)
    due_on = forms.DateField(label=_("To be done by"), required=False, widget=day_picker())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        sheet, known = self.situation.sheet, self.situation.improvement
        self.fields["owner"].choices = self.offer.people_choices(_("I do it myself"))
        if sheet and sheet.verdict:
            self.initial["reason"] = sheet.verdict_reason
        if known is not None and known.state == "open":
            self.initial |= {"improvement": known.text, "owner": known.owner.username, "due_on": known.due_on}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        wanted, until = given.get("improvement"), given.get("due_on")
        if given.get("verdict") == workflow.Verdict.ADOPT and not wanted:
            self.add_error("improvement", _("An adopted suggestion says what will be improved, by whom, until when."))
        if bool(wanted) != bool(until) and not self.errors:
            self.add_error("improvement" if until else "due_on", _("An improvement says what is done and until when."))
        return given

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        if "improvement" not in given:
            given.pop("owner", None)
        return given | {"owner": self.offer.people[given["owner"]]} if "owner" in given else given


class ReportForm(MoveForm):
    takes_files = True
    text = TextField(label=_("Result"), widget=forms.Textarea(attrs={"rows": 4}))


class ReviewForm(MoveForm):
    gate = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        review = self.situation.review
        self.initial["gate"] = review.gate if review else ""


class ApproveForm(ReviewForm):
    called = TextField(label=_("What the customer said on the call-back"), required=False, max_length=2000)
    text = TextField(label=_("Opinion"), required=False, max_length=2000)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        review = self.situation.review
        self.fields["called"].required = bool(review and review.call_back)


class RejectForm(ReviewForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=workflow.RejectReason.choices)
    text = TextField(label=_("What is missing"), max_length=2000)
