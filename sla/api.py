from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sla import explaining
from sla.models import Clock, ClockEvent, Metric, Unit
from tickets import access


class IntervalSerializer(serializers.Serializer):
    """`length_s` of the counted intervals add up to the explanation's `total_s`."""

    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=["counted", "paused", "not_counted", "moved", "overdue"])
    length_s = serializers.IntegerField()
    reason = serializers.CharField()


class ChangeSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=ClockEvent.Kind.choices)
    by = serializers.CharField(allow_null=True)
    reason = serializers.CharField()
    due_before = serializers.DateTimeField(allow_null=True)
    due_after = serializers.DateTimeField(allow_null=True)


class ExplanationSerializer(serializers.Serializer):
    rule = serializers.CharField()
    unit = serializers.ChoiceField(choices=Unit.choices)
    amount = serializers.IntegerField()
    calendar = serializers.CharField()
    intervals = IntervalSerializer(many=True)
    changes = ChangeSerializer(many=True)
    used_s = serializers.IntegerField()
    total_s = serializers.IntegerField()


class ClockSerializer(serializers.Serializer):
    metric = serializers.ChoiceField(choices=Metric.choices)
    round = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Clock.State.choices)
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    stopped_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)
    provisional = serializers.BooleanField()
    explanation = ExplanationSerializer()


class ClocksView(APIView):
    """The clocks of a ticket, each with the reasons for its due time."""

    scopes = {"GET": "read"}

    @extend_schema(responses=ClockSerializer(many=True))
    def get(self, request: Request, number: str) -> Response:
        ticket = access.get_ticket(request.user, number)
        rows = [row.as_json() for row in explaining.of_ticket(ticket, timezone.now())]
        return Response(ClockSerializer(rows, many=True).data)
