"""`/api/v1/webhooks/`: other systems say where they want to be told, see what was sent, and have it sent again."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.idempotency import KEY, idempotent
from accounts.models import ApiToken
from common.fields import NamedOnly, TextOnly
from common.pagination import RowsPagination
from common.text import one_line
from feedback.webhooks.telling import KINDS, envelope
from notices import outgoing
from notices import services_webhooks as webhooks
from notices.access import may_have_webhooks, may_hear_all
from notices.models import Webhook, WebhookAttempt, WebhookDelivery

SCOPES = ("submit", "manage")
MOST_HOOKS = 50  # of one owner


class WebhookSerializer(NamedOnly, serializers.ModelSerializer):
    """`events` are kinds of moves; empty means all. With `own_cases` only the cases that this app handed in."""

    name = TextOnly(max_length=100)
    url = TextOnly(max_length=outgoing.LONGEST, help_text=gettext_lazy("http or https, on the public internet."))
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=[(kind, kind) for kind in KINDS]), required=False, max_length=len(KINDS)
    )
    own_cases = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)

    class Meta:
        model = Webhook
        fields = ("id", "name", "url", "events", "own_cases", "is_active", "failures", "resting_until", "created_at")
        read_only_fields = ("id", "failures", "resting_until", "created_at")

    def validate_name(self, name: str) -> str:
        return one_line(name)

    def validate_url(self, url: str) -> str:
        try:
            outgoing.check(url)
        except outgoing.AddressRefused as refused:
            raise serializers.ValidationError(str(refused)) from None
        return url

    def validate_events(self, events: list[str]) -> list[str]:
        return sorted(set(events))


class SecretSerializer(WebhookSerializer):
    secret = serializers.CharField(
        read_only=True, help_text=gettext_lazy("Shown this once. Verify `webhook-signature` with it.")
    )

    class Meta(WebhookSerializer.Meta):
        fields = (*WebhookSerializer.Meta.fields, "secret")


class TrySerializer(serializers.ModelSerializer):
    class Meta:
        model = WebhookAttempt
        fields = ("at", "status", "error", "milliseconds")
        read_only_fields = fields


class DeliverySerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="key", help_text=gettext_lazy("The `webhook-id` that was sent."))
    ticket = serializers.CharField(source="topic")
    tries = TrySerializer(many=True)

    class Meta:
        model = WebhookDelivery
        fields = ("id", "kind", "ticket", "sequence", "state", "created_at", "not_before", "sent_at", "tries")
        read_only_fields = fields


class HookPagination(RowsPagination):
    page_size, max_page_size = 50, 200
    ordering = ("-created_at", "-pk")


class HookView:
    """Those of the caller; for administrators all."""

    scopes: dict[str, Any] = dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), SCOPES)
    filter_backends: list[Any] = []
    request: Request
    kwargs: dict[str, Any]

    @property
    def token(self) -> ApiToken | None:
        return self.request.auth if isinstance(self.request.auth, ApiToken) else None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if not may_have_webhooks(request.user):
            raise PermissionDenied(_("Webhooks are for apps with a token of their own, and for administrators."))

    def get_queryset(self) -> QuerySet[Webhook]:
        seen = Webhook.objects.visible_to(self.request.user)
        return seen if may_hear_all(self.request.user, self.token) else seen.filter(owner=self.request.user)

    def own_cases(self, asked: bool) -> bool:
        return asked or not may_hear_all(self.request.user, self.token)

    def hook(self) -> Webhook:
        return generics.get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])


@extend_schema(tags=["webhooks"])
class WebhookListView(HookView, generics.ListAPIView):
    """Signed after Standard Webhooks (https://www.standardwebhooks.com); of one ticket in the order of `sequence`."""

    queryset = Webhook.objects.none()
    serializer_class = WebhookSerializer
    pagination_class = HookPagination

    @extend_schema(
        operation_id="webhooks_create", request=WebhookSerializer, responses={201: SecretSerializer}, parameters=[KEY]
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """A new one. The answer holds its `secret`, this once."""
        form = WebhookSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        if Webhook.objects.filter(owner=request.user).count() >= MOST_HOOKS:
            raise serializers.ValidationError({"name": [_("At most %(most)s webhooks.") % {"most": MOST_HOOKS}]})
        fields = form.validated_data
        hook = webhooks.create(
            owner=request.user, name=fields["name"], url=fields["url"], events=fields.get("events", ()),
            own_cases=self.own_cases(fields.get("own_cases", False)), at=timezone.now(),
        )  # fmt: skip
        return Response(dict(SecretSerializer(hook).data), status=status.HTTP_201_CREATED)


@extend_schema(tags=["webhooks"])
class WebhookView(HookView, generics.RetrieveUpdateDestroyAPIView):
    """One webhook. Deleting it drops what was not sent yet."""

    queryset = Webhook.objects.none()
    serializer_class = WebhookSerializer

    def perform_update(self, serializer: Any) -> None:
        asked = serializer.validated_data.get("own_cases", serializer.instance.own_cases)
        serializer.save(own_cases=self.own_cases(asked), failures=0, resting_until=None)


@extend_schema(tags=["webhooks"])
@extend_schema_view(get=extend_schema(operation_id="webhooks_deliveries"))
class DeliveryListView(HookView, generics.ListAPIView):
    """What was sent and what waits, newest first, with each try. Kept for 30 days."""

    queryset = WebhookDelivery.objects.none()
    serializer_class = DeliverySerializer
    pagination_class = HookPagination

    def get_queryset(self) -> QuerySet[WebhookDelivery]:  # type: ignore[override]
        hook = generics.get_object_or_404(super().get_queryset(), pk=self.kwargs["pk"])
        return hook.deliveries.prefetch_related("tries")


class ActionView(HookView, APIView):
    pass


@extend_schema_view(
    post=extend_schema(
        tags=["webhooks"], operation_id="webhooks_ping", request=None, responses={201: DeliverySerializer},
        parameters=[KEY],
    )
)  # fmt: skip
class PingView(ActionView):
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Send an event of the kind `ping` that says nothing, to try the address."""
        at = timezone.now()
        row = webhooks.ping(self.hook(), body=envelope("ping", at, {}), at=at)
        return Response(dict(DeliverySerializer(row).data), status=status.HTTP_201_CREATED)


@extend_schema_view(
    post=extend_schema(
        tags=["webhooks"], operation_id="webhooks_secret", request=None, responses=SecretSerializer, parameters=[KEY]
    )
)
class SecretView(ActionView):
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """A new secret; for a day both sign."""
        return Response(dict(SecretSerializer(webhooks.renew_secret(self.hook(), at=timezone.now())).data))


@extend_schema_view(
    post=extend_schema(
        tags=["webhooks"], operation_id="webhooks_replay", request=None, responses=DeliverySerializer, parameters=[KEY]
    )
)
class ReplayView(ActionView):
    @idempotent
    def post(self, request: Request, pk: int, event: str) -> Response:
        """Send one event again, under its own id."""
        row = generics.get_object_or_404(self.hook().deliveries.prefetch_related("tries"), key=event)
        return Response(dict(DeliverySerializer(webhooks.replay(row, at=timezone.now())).data))
