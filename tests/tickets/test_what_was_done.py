"""After each move the page says what is so now, in a sentence of the reader's language."""

import pytest
from django.urls import reverse
from django.utils import translation

from tests.make import a_ticket
from tickets.done import DONE
from tickets.forms import KINDS
from tickets.forms_offered import FORMS

ENDS = {"en": ".", "zh-hans": "。"}


@pytest.mark.parametrize("language", ENDS)
def test_every_move_of_the_page_has_its_sentence(language):
    assert set(DONE) == set(FORMS) | set(KINDS)
    with translation.override(language):
        said = [str(sentence) for sentence in DONE.values()]
    assert all(sentence.endswith(ENDS[language]) for sentence in said)
    assert len(set(said)) == len(said)


@pytest.mark.django_db
def test_it_stands_on_the_page_that_comes(client, chen, after_sales):
    ticket = a_ticket(department=after_sales)
    client.force_login(chen)
    answer = client.post(
        reverse("tickets:move", args=[ticket.number, "accept"]), {"version": ticket.version}, follow=True
    )
    assert "已签收。" in answer.content.decode()


@pytest.mark.django_db
def test_a_call_or_letter_is_told_to_be_on_record_not_sent(client, chen, after_sales):
    ticket = a_ticket(department=after_sales)
    client.force_login(chen)
    for via, said in (("phone", "通话已记录。"), ("letter", "信件已记录"), ("web", "回复将发送给用户。")):
        ticket.refresh_from_db()
        given = {"version": ticket.version, "verb": "reply", "text": "您好，师傅今天上门。", "via": via}
        answer = client.post(reverse("tickets:move", args=[ticket.number, "say"]), given, follow=True)
        assert said in answer.content.decode(), via
