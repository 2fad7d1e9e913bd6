"""The answering machine: a public answer with its source where one fits, else a person (C3.1).

It hands over at once when somebody asks for a person, when danger is told, when it knows no answer, and when its answer
did not help. It never says anything that does not stand in a public article.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from common.text import fold
from feedback.chat.models import Chat, ChatLine
from feedback.content import Content
from feedback.text.judging import judge
from knowledge import answers
from knowledge.answers import Found
from knowledge.models import Article
from tickets.workflow import Nature, Tier

LONGEST = 2000
MOST_LINES = 100
LONGEST_CALL = 12
"""Characters of a line that does nothing but ask for a person."""
LEAST_MATTER = 4
"""Characters beside the call from which on such a line says something: 空调坏了，转人工."""
KEPT = timedelta(days=30)
SURE = 0.8
"""Who complains wants a person; only an answer that fits nearly word for word is tried before."""
_PERSON = re.compile(r"人工|真人|转接|客服(人员)?$|\b(agent|human|person|operator|representative)\b")
_PIECES = re.compile(r"[^\w]+")
Who = ChatLine.Who


class Full(Exception):
    """A person takes over, and the conversation is as long as one may be."""

    def __init__(self) -> None:
        super().__init__(_("This conversation is as long as one may be. Send the form, which takes it along."))


@dataclass
class Turn:
    """What the machine answers: articles, or, with `why`, that a person takes over."""

    chat: Chat
    lines: list[ChatLine] = field(default_factory=list)
    why: str = ""

    @property
    def hand_over(self) -> bool:
        return self.chat.handed_over_at is not None


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def begin(*, language: str, at: datetime) -> tuple[Chat, str]:
    token = secrets.token_urlsafe(24)
    return Chat.objects.create(digest=digest(token), language=language, started_at=at, last_at=at), token


def by_token(token: str) -> Chat | None:
    return Chat.objects.filter(digest=digest(token)).first()


@transaction.atomic
def say(chat: Chat, *, text: str, at: datetime) -> Turn:
    """The customer says something. About eight queries. Raises Full."""
    chat = Chat.objects.select_for_update(of=("self",)).get(pk=chat.pk)
    if chat.handed_over_at and chat.lines.count() >= MOST_LINES:
        raise Full
    ChatLine.objects.create(chat=chat, at=at, who=Who.CUSTOMER, text=text)
    chat.last_at = at
    found, why = answer_to(chat, text)
    turn = Turn(chat)
    if why:
        return over(turn, why=why, at=at)
    for one in found:
        line = ChatLine(chat=chat, at=at, who=Who.MACHINE, article=one.article, confidence=round(one.confidence, 3))
        line.text = one.article.in_language(chat.language)[1]
        line.save()
        turn.lines.append(line)
    chat.save(update_fields=["last_at"])
    return turn


def answer_to(chat: Chat, text: str) -> tuple[list[Found], str]:
    """Articles, or why a person is needed."""
    if chat.handed_over_at:
        return [], chat.why
    if _PERSON.search(fold(text)):
        return [], "asked"
    judgement = judge(Content(text=text), channel="chat", customer=None)
    if judgement.tier == Tier.L1:
        return [], "danger"
    least = SURE if judgement.nature == Nature.COMPLAINT else answers.CONFIDENT
    found = [one for one in answers.find(text) if one.confidence >= least] if chat.lines.count() < MOST_LINES else []
    return (found[:1], "") if found else ([], "unknown")


def over(turn: Turn, *, why: str, at: datetime) -> Turn:
    chat = turn.chat
    if not chat.handed_over_at:
        chat.handed_over_at, chat.why = at, why
    turn.why = chat.why
    chat.save(update_fields=["handed_over_at", "why", "last_at"])
    return turn


@transaction.atomic
def judge_answer(chat: Chat, *, line: int, helped: bool, at: datetime) -> Turn:
    """Whether an answer helped: counted once for its article; no help hands over. ChatLine.DoesNotExist for a strange one."""
    chat = Chat.objects.select_for_update(of=("self",)).get(pk=chat.pk)
    row = chat.lines.exclude(article=None).get(pk=line)
    if row.helped is None:
        row.helped = helped
        row.save(update_fields=["helped"])
        counter = "helped" if helped else "did_not_help"
        Article.objects.filter(pk__in=[row.article_id]).update(**{counter: F(counter) + 1})
    return Turn(chat) if helped else over(Turn(chat), why="no_help", at=at)


def said(chat: Chat) -> str:
    """The customer's own lines, to begin the form with; a bare call for a person is none of the matter."""
    lines = [line.text for line in chat.lines.all() if line.who == Who.CUSTOMER]
    return "\n".join(text for text in lines if not is_bare_call(text))


def is_bare_call(text: str) -> bool:
    if len(text) > LONGEST_CALL or not _PERSON.search(fold(text)):
        return False
    beside = [piece for piece in _PIECES.split(fold(text)) if not _PERSON.search(piece)]
    return len("".join(beside)) < LEAST_MATTER


def forget(at: datetime) -> int:
    """Conversations that became no case go after `KEPT`."""
    return Chat.objects.filter(ticket=None, last_at__lt=at - KEPT).delete()[0]
