"""The answering machine by the API (C3.1)."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.idempotency import KEY, idempotent
from common.fields import NamedOnly, TextOnly
from common.text import clean, is_visible
from feedback.api import PublicView
from feedback.chat import services
from feedback.chat.models import ChatLine


class ChatSerializer(NamedOnly):
    """A question in `text`, or `helped` for an `answer` of before. `conversation` is what the first call gave."""

    conversation = serializers.CharField(max_length=100, required=False)
    text = TextOnly(max_length=services.LONGEST, required=False)
    answer = serializers.IntegerField(min_value=1, max_value=2**62, required=False)
    helped = serializers.BooleanField(required=False)

    def validate_text(self, value: str) -> str:
        text = clean(value).strip()
        if not is_visible(text):
            raise serializers.ValidationError(_("Nothing can be read in this text."))
        return text

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        asks, judges = "text" in attrs, {"answer", "helped"} <= attrs.keys()
        if asks == judges:
            raise serializers.ValidationError({"text": _("Give a text, or an answer and whether it helped.")})
        if judges and "conversation" not in attrs:
            raise serializers.ValidationError({"conversation": _("Name the conversation of the answer.")})
        return attrs


class ChatAnswerSerializer(serializers.Serializer):
    """One answer with its source; ask the customer whether it helped."""

    id = serializers.IntegerField()
    question = serializers.CharField()
    text = serializers.CharField()
    source_url = serializers.URLField()
    confidence = serializers.FloatField()


class ChatReplySerializer(serializers.Serializer):
    """`hand_over` with a `form_url` means that a person takes over, and why: asked, unknown, no_help, danger."""

    conversation = serializers.CharField()
    answers = ChatAnswerSerializer(many=True)
    hand_over = serializers.BooleanField()
    why = serializers.CharField(allow_blank=True)
    form_url = serializers.URLField(allow_blank=True)


class ChatView(PublicView):
    public_rate = "chat"
    refusals = {404: "There is no such conversation, or no such answer in it."}

    @extend_schema(
        operation_id="chat", request=ChatSerializer, responses={200: ChatReplySerializer}, parameters=[KEY],
        tags=["feedback"],
    )  # fmt: skip
    @idempotent
    def post(self, request: Request) -> Response:
        """Ask in `text`; say afterwards with `conversation`, `answer` and `helped` whether an answer helped. Where the machine
        does not know, or a person is asked for, `hand_over` is true and `form_url` goes on with what was said.
        """
        form = ChatSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        fields, at = form.validated_data, timezone.now()
        token = fields.get("conversation", "")
        if token:
            chat = services.by_token(token)
            if chat is None:
                raise Http404
        else:
            chat, token = services.begin(language=request._request.LANGUAGE_CODE, at=at)
        if "text" in fields:
            try:
                turn = services.say(chat, text=fields["text"], at=at)
            except services.Full as full:
                raise serializers.ValidationError({"text": [str(full)]}) from None
        else:
            try:
                turn = services.judge_answer(chat, line=fields["answer"], helped=fields["helped"], at=at)
            except ChatLine.DoesNotExist:
                raise Http404 from None
        return Response(dict(ChatReplySerializer(as_told(turn, token)).data))


def as_told(turn: services.Turn, token: str) -> dict[str, Any]:
    base = settings.PUBLIC_BASE_URL
    return {
        "conversation": token,
        "answers": [
            {
                "id": line.pk,
                "question": line.article.in_language(turn.chat.language)[0] if line.article else "",
                "text": line.text,
                "source_url": base + reverse("knowledge:article", args=[line.article_id]),
                "confidence": line.confidence,
            }
            for line in turn.lines
        ],
        "hand_over": turn.hand_over,
        "why": turn.chat.why,
        "form_url": base + reverse("feedback:hand-over", args=[token]) if turn.hand_over else "",
    }
