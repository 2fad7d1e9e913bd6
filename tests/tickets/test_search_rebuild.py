"""The search index can be made anew, and finds then what it found before."""

import io
import random

import pytest
from django.core.management import call_command

from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.models import SearchDocument, Ticket
from tickets.search import index as search

pytestmark = pytest.mark.django_db


def found(text: str) -> set[int]:
    return set(search.search(Ticket.objects.all(), text, personal=True).values_list("pk", flat=True))


def rebuilt(**options):
    out, err = io.StringIO(), io.StringIO()
    call_command("rebuild_search", stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_a_lost_index_is_made_anew_with_everything_that_was_said(chen, after_sales):
    ticket, other = a_ticket(department=after_sales), a_ticket(subject="冰箱", content="冷藏室结冰")
    tickets.note(ticket, text="怀疑是排水泵叶轮", by=chen, at=NOON)
    before = {(row.ticket_id, row.visibility) for row in SearchDocument.objects.all()}
    SearchDocument.objects.all().delete()
    assert found("漏水") == set()
    out, err = rebuilt(batch=1)
    assert "2 tickets indexed" in out and "1 of 2" in err
    assert found("漏水") == found("叶轮") == {ticket.pk} and found("13800001234") == {ticket.pk, other.pk}
    assert {(row.ticket_id, row.visibility) for row in SearchDocument.objects.all()} == before


def test_rebuilding_twice_changes_nothing():
    a_ticket()
    rebuilt()
    first = list(SearchDocument.objects.values_list("ticket_id", "visibility", "body", "tsv"))
    assert "tickets" not in rebuilt(quiet=True)[1]
    assert list(SearchDocument.objects.values_list("ticket_id", "visibility", "body", "tsv")) == first


def test_nothing_that_like_finds_is_missed_in_ten_thousand_random_substrings():
    dice = random.Random(42)
    signs = "空调漏水冰箱不冷的了是在客服态度差上门安装快递丢件退款慢，。！ １２ab"
    texts = {}
    for number in range(60):
        text = "".join(dice.choice(signs) for _sign in range(dice.randint(20, 120)))
        texts[a_ticket(subject=f"第{number}件", content=text, anonymous=True).pk] = search.fold(text)
    cache: dict[str, set[int]] = {}
    for _try in range(10_000):
        text = texts[dice.choice(list(texts))]
        start = dice.randrange(len(text))
        wanted = text[start : start + dice.randint(1, 8)]
        runs = search.search_terms.runs(wanted)
        if not runs or not all(chinese for _run, chinese in runs) or wanted in cache:
            continue  # Latin words and digits are found by their ends, not from the middle
        cache[wanted] = found(wanted)
        assert {pk for pk, content in texts.items() if wanted in content} <= cache[wanted], wanted
    assert len(cache) > 2000
