from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.idempotency import KEY, idempotent
from accounts.throttles import PublicThrottle
from common.fields import NamedOnly, TextOnly
from common.text import clean
from surveys import services
from tickets import guard
from tickets.workflow import PublicStatus, Rating


class RatingSerializer(NamedOnly):
    """`rating` or `stars` (1 to 5), and a comment."""

    rating = serializers.ChoiceField(choices=Rating.choices, required=False)
    stars = serializers.IntegerField(min_value=1, max_value=5, required=False)
    comment = TextOnly(max_length=2000, required=False, allow_blank=True)

    def validate_comment(self, value: str) -> str:
        return clean(value).strip()

    def validate(self, attrs: dict) -> dict:
        if "rating" not in attrs and "stars" not in attrs:
            raise serializers.ValidationError({"rating": _("Give a rating, or stars from 1 to 5.")})
        return attrs


class RatedSerializer(RatingSerializer):
    """What was taken, and where the case stands now."""

    number = serializers.CharField()
    public_status = serializers.ChoiceField(choices=PublicStatus.choices)
    round = serializers.IntegerField()


class RatingView(APIView):
    """The customer rates the result of the current round; dissatisfied begins the next one, a level up (C2.2 C5.1)."""

    permission_classes = [AllowAny]
    throttle_classes = [PublicThrottle]

    @extend_schema(
        operation_id="feedback_rating",
        request=RatingSerializer,
        responses={201: RatedSerializer, 409: OpenApiResponse(description="Not to be rated now")},
        parameters=[
            OpenApiParameter(
                "code", str, OpenApiParameter.PATH, description="The tracking code, with or without hyphens."
            ),
            KEY,
        ],
        tags=["feedback"],
    )
    @idempotent
    def post(self, request: Request, code: str) -> Response:
        try:
            ticket = guard.ticket_by_code(request._request, code)
        except guard.TooManyTries as tries:
            raise Throttled(wait=tries.wait) from None
        form = RatingSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        ticket = services.answer(ticket, at=timezone.now(), **form.validated_data)
        body = form.validated_data | {
            "number": ticket.number,
            "public_status": ticket.public_status,
            "round": ticket.round,
        }
        return Response(body, status=status.HTTP_201_CREATED)
