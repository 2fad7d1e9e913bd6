"""The forms of the archive: what is looked for, why a case is held, what is decided about a list (D6)."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from common.form_fields import TextField, day_picker
from tickets import people_shown
from tickets.models import ArchiveClass, ArchiveRecord, LegalHold, Ticket
from tickets.search import index as search
from tickets.workflow import Status

KEPT = [
    ("", _("All")), ("held", _("On hold")), ("over", _("Period is over")), ("erased", _("Erased")),
    ("reopened", _("Reopened")),
]  # fmt: skip


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=day_picker())


class ArchiveFilter(forms.Form):
    q = forms.CharField(
        label=_("Search"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = forms.ModelChoiceField(
        ArchiveClass.objects.all(), label=_("Archive class"), required=False, to_field_name="code", empty_label=_("All")
    )
    department = forms.ModelChoiceField(
        Department.objects.all(), label=_("Department"), required=False, to_field_name="code", empty_label=_("All")
    )
    since = _day(_("Archived from"))
    until = _day(_("Archived until"))
    kept = forms.ChoiceField(label=_("State"), required=False, choices=KEPT)

    def found(self, user: Any, today: Any) -> QuerySet[ArchiveRecord]:
        """Records of cases that the user sees, newest first; permission is part of the query. Nothing when invalid."""
        seen = Ticket.objects.visible_to(user)
        if not self.is_valid():
            return ArchiveRecord.objects.none()
        given = self.cleaned_data
        if words := given["q"].strip():
            full = people_shown.sees_personal_data(user)
            by_number = ArchiveRecord.objects.filter(number__istartswith=words).values("ticket")
            seen = search.search(seen, words, personal=full, reader=user) | seen.filter(pk__in=by_number)
        rows = ArchiveRecord.objects.filter(ticket__in=seen.order_by().values("pk"))
        if given["kind"]:
            rows = rows.filter(archive_class=given["kind"])
        if given["department"]:
            rows = rows.filter(ticket__departments__contains=[given["department"].pk])
        if given["since"]:
            rows = rows.filter(archived_at__date__gte=given["since"])
        if given["until"]:
            rows = rows.filter(archived_at__date__lte=given["until"])
        held = Exists(LegalHold.objects.filter(ticket=OuterRef("ticket"), lifted_at=None))
        rows = rows.annotate(held=held)
        narrow = {
            "held": {"held": True}, "over": {"keep_until__lt": today, "erased_at": None},
            "erased": {"erased_at__isnull": False},
        }  # fmt: skip
        if given["kept"] == "reopened":
            rows = rows.exclude(ticket__status=Status.CLOSED)
        elif given["kept"]:
            rows = rows.filter(**narrow[given["kept"]])
        return rows.select_related("ticket", "ticket__department", "archive_class")


class ReasonForm(forms.Form):
    reason = TextField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class DecisionForm(ReasonForm):
    approved = forms.TypedChoiceField(
        label=_("Decision"), choices=[("yes", _("Approve the erasure")), ("no", _("Do not approve"))],
        coerce=lambda value: value == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    field_order = ["approved", "reason"]
