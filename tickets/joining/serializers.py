"""What the API's verbs about cases that belong together take."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.models import User
from common.fields import TextOnly
from tickets import workflow
from tickets.joining.forms import phone_or_refusal
from tickets.models import Message, Ticket
from tickets.serializers_moves import MoveSerializer, TextField


class SeenTicketField(serializers.SlugRelatedField):
    """A case by its number, among those that the caller may see."""

    def __init__(self, **options: Any) -> None:
        super().__init__("number", queryset=Ticket.objects.none(), **options)

    def get_queryset(self) -> Any:
        request = self.context.get("request")
        return Ticket.objects.visible_to(request.user) if request is not None else Ticket.objects.none()


class SaidField(serializers.PrimaryKeyRelatedField):
    """A customer's message by its id, among those that the caller may read."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Message.objects.none(), **options)

    def get_queryset(self) -> Any:
        request = self.context.get("request")
        if request is None:
            return Message.objects.none()
        seen = Ticket.objects.visible_to(request.user).order_by().values("pk")
        return Message.objects.filter(direction=Message.Direction.IN, ticket__in=seen)


class MergeSerializer(MoveSerializer):
    into = SeenTicketField(help_text=gettext_lazy("The earlier case of the same customer, which survives."))
    reason = TextField(required=False, allow_blank=True, max_length=500)


class LinkSerializer(MoveSerializer):
    other = SeenTicketField()
    reason = TextField(required=False, allow_blank=True, max_length=500)


class SplitSerializer(MoveSerializer):
    subject = TextField(max_length=200)
    content = TextField()
    nature = serializers.ChoiceField(choices=workflow.Nature.choices, required=False)
    message = SaidField(
        required=False,
        help_text=gettext_lazy(
            "The customer's message that told of it: the limits of the new case begin with it, else now."
        ),
    )
    told_first = serializers.BooleanField(
        required=False,
        help_text=gettext_lazy(
            "The first words told of it: the limits begin with the receipt of this case. Of a person always, where no "
            "message is named."
        ),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Only a program may let a matter begin now; to people the customer told it, sooner or later (decision 0079)."""
        request = self.context.get("request")
        if "message" not in attrs and request is not None and not request.user.is_app:
            attrs["told_first"] = True
        return attrs


class CorrectCustomerSerializer(MoveSerializer):
    """The customer of the case `like`, else somebody new; with neither the customer is not known any more."""

    like = SeenTicketField(required=False, help_text=gettext_lazy("Another case of the right customer."))
    name = TextField(required=False, allow_blank=True, max_length=100)
    phone = TextOnly(required=False, allow_blank=True, max_length=40)
    email = serializers.EmailField(required=False, allow_blank=True, max_length=254)
    end_code = serializers.BooleanField(
        required=False,
        help_text=gettext_lazy("Whether the tracking code ends, which the former customer may have. Default: true."),
    )
    withhold = serializers.ListField(
        child=SaidField(), required=False, max_length=100,
        help_text=gettext_lazy(
            "The former customer's messages, by id, which the right customer does not see. Default: with `end_code` "
            "all that no colleague took down, else none."
        ),
    )  # fmt: skip
    reason = TextField(max_length=500)

    def validate_phone(self, text: str) -> str:
        return phone_or_refusal(text, serializers.ValidationError)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "like" in attrs and any(attrs.get(name) for name in ("name", "phone", "email")):
            raise serializers.ValidationError({"like": _("Either another case or a name and address.")})
        return attrs


class FirstContactSerializer(MoveSerializer):
    person = serializers.SlugRelatedField("username", queryset=User.objects.active())
    reason = TextField(max_length=500)
