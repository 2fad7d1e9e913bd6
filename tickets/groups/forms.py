"""Forms of major cases and of improvements."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.form_fields import TextField
from tickets.forms import MoveForm


class GroupForm(MoveForm):
    leader = forms.ChoiceField(label=_("Leader"), help_text=_("A manager: head of a department, or leadership."))
    members = forms.MultipleChoiceField(label=_("Members"), required=False)
    report_every = forms.IntegerField(
        label=_("Hours between reports to leadership"), min_value=1, max_value=168, initial=24
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        group = self.situation.group
        people = User.objects.active().exclude(roles=[]).only("username", "name", "name_en", "roles")
        self.people = {row.username: row for row in people.order_by("username")}
        heads = {row.head_id for row in self.offer.departments.values() if row.head_id}
        leads = [
            (name, str(row)) for name, row in self.people.items() if row.pk in heads or row.has_role("head", "leader")
        ]
        self.fields["leader"].choices = [("", _("Choose")), *leads]
        self.fields["members"].choices = [(name, str(row)) for name, row in self.people.items()]
        if group is not None:
            self.initial |= {"leader": group.leader.username, "report_every": group.report_every}
            self.initial["members"] = [person.username for person in self.situation.group_members]

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        given["members"] = [self.people[name] for name in given.get("members", [])]
        return given | {"leader": self.people[given["leader"]]}


class LogForm(MoveForm):
    text = TextField(label=_("What was done, found or decided"), max_length=5000)


class SituationForm(MoveForm):
    text = TextField(label=_("How things stand"), max_length=5000)


class ConclusionForm(MoveForm):
    text = TextField(label=_("Conclusion"), max_length=10_000)
    lessons = TextField(label=_("What is to be learned from it"), max_length=10_000)


class ImprovementDoneForm(MoveForm):
    text = TextField(
        label=_("What came of it"), max_length=5000, help_text=_("The customer who suggested it is sent this text.")
    )


class ImprovementDroppedForm(MoveForm):
    reason = TextField(
        label=_("Reason"), max_length=2000, help_text=_("The customer who suggested it is sent this text.")
    )
