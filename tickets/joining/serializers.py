"""What the API's verbs about cases that belong together take."""

from typing import Any

from rest_framework import serializers

from accounts.models import User
from tickets import workflow
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
    into = SeenTicketField(help_text="The earlier case of the same customer, which survives.")
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
        help_text="The customer's message that told of it: the limits of the new case begin with it, else now.",
    )


class FirstContactSerializer(MoveSerializer):
    person = serializers.SlugRelatedField("username", queryset=User.objects.active())
    reason = TextField(max_length=500)
