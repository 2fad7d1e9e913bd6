"""What the verbs of more time and promised answers take."""

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from tickets.channels import WAYS
from tickets.serializers_moves import MoveSerializer, ReasonSerializer, TextField


class ExtendSerializer(ReasonSerializer):
    new_due = serializers.DateTimeField(help_text=gettext_lazy("Later than `expected_by`, at most a year from now."))


class DecideExtensionSerializer(MoveSerializer):
    granted = serializers.BooleanField()
    text = TextField(required=False, allow_blank=True, max_length=500)


class PromiseSerializer(MoveSerializer):
    answer_by = serializers.DateTimeField(help_text=gettext_lazy("Ahead, and not after `expected_by`."))
    message = TextField()
    via = serializers.ChoiceField(choices=WAYS, required=False)
