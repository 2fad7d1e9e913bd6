"""What the API's verbs about several departments take."""

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.models import Department, User
from tickets.serializers_moves import FilesSerializer, MoveSerializer, TextField


class CoAssignSerializer(MoveSerializer):
    department = serializers.SlugRelatedField("code", queryset=Department.objects.active())
    task = TextField(max_length=2000)
    owner = serializers.SlugRelatedField("username", queryset=User.objects.active(), required=False, allow_null=True)
    limit = serializers.DateTimeField(required=False, allow_null=True)


class CoDoneSerializer(FilesSerializer):
    text = TextField(max_length=5000)
    department = serializers.SlugRelatedField(
        "code",
        queryset=Department.objects.all(),
        required=False,
        help_text=gettext_lazy("Whose part; the caller's own otherwise."),
    )


class CoWaiveSerializer(MoveSerializer):
    department = serializers.SlugRelatedField("code", queryset=Department.objects.all())
    reason = TextField(max_length=500)


class TransferSerializer(MoveSerializer):
    department = serializers.SlugRelatedField("code", queryset=Department.objects.active())
    owner = serializers.SlugRelatedField("username", queryset=User.objects.active(), required=False, allow_null=True)
    reason = TextField(max_length=500)
