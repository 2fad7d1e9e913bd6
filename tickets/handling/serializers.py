"""What the API's verbs of handling and review take."""

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.models import User
from tickets import workflow
from tickets.models import Cause
from tickets.serializers_moves import FilesSerializer, MoveSerializer, TextField


class InvestigateSerializer(FilesSerializer):
    facts = TextField()
    cause = serializers.SlugRelatedField(
        "code", queryset=Cause.objects.filter(is_active=True), required=False, allow_null=True
    )
    true_need = TextField(required=False, allow_blank=True)


class PlanSerializer(MoveSerializer):
    measures = TextField()
    goal = TextField(required=False, allow_blank=True)
    limit = serializers.DateTimeField(required=False, allow_null=True)
    remedy = serializers.ChoiceField(choices=workflow.Remedy.choices, required=False, allow_blank=True)
    amount = serializers.DecimalField(12, 2, required=False, allow_null=True, min_value=0)


class AgreeSerializer(FilesSerializer):
    agreed = serializers.BooleanField()
    text = TextField(max_length=2000)
    progress_days = serializers.IntegerField(min_value=1, max_value=90, required=False)


class AssessSerializer(MoveSerializer):
    verdict = serializers.ChoiceField(choices=workflow.Verdict.choices)
    reason = TextField(max_length=2000)
    improvement = TextField(
        required=False, allow_blank=True, max_length=2000, help_text=gettext_lazy("Opens an action.")
    )
    owner = serializers.SlugRelatedField("username", queryset=User.objects.active(), required=False, allow_null=True)
    due_on = serializers.DateField(required=False, allow_null=True)


class ReportSerializer(FilesSerializer):
    text = TextField()


class ApproveSerializer(MoveSerializer):
    gate = serializers.ChoiceField(
        choices=workflow.Gate.choices,
        required=False,
        help_text=gettext_lazy("The gate that the caller saw; another one is 409."),
    )
    text = TextField(required=False, allow_blank=True, max_length=2000)
    called = TextField(
        required=False, allow_blank=True, max_length=2000, help_text=gettext_lazy("The record of the call-back.")
    )


class RejectSerializer(MoveSerializer):
    gate = serializers.ChoiceField(choices=workflow.Gate.choices, required=False)
    reason = serializers.ChoiceField(choices=workflow.RejectReason.choices)
    text = TextField(max_length=2000)
