"""What the API's verbs about major cases and improvements take."""

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.models import User
from tickets.serializers_moves import MoveSerializer, TextField


class GroupSerializer(MoveSerializer):
    leader = serializers.SlugRelatedField("username", queryset=User.objects.active())
    members = serializers.SlugRelatedField("username", queryset=User.objects.active(), many=True, required=False)
    report_every = serializers.IntegerField(
        min_value=1, max_value=168, required=False, help_text=gettext_lazy("Hours.")
    )


class LogSerializer(MoveSerializer):
    text = TextField(max_length=5000)


class ConclusionSerializer(MoveSerializer):
    text = TextField(max_length=10_000)
    lessons = TextField(max_length=10_000)


class ImprovementDoneSerializer(MoveSerializer):
    text = TextField(max_length=5000)


class ImprovementDroppedSerializer(MoveSerializer):
    reason = TextField(max_length=2000)
