"""What can be pressed in a mail of ours: what colleagues and templates wrote, never what a stranger typed (S-6)."""

from typing import Any

import pytest
from django.core import mail as outbox
from lxml import html as markup

from common.templatetags.ui import linked
from common.text import without_links
from notices import services as notices
from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.models import Customer


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("请看https://a.example/b?c=1&d=2，谢谢。", ["https://a.example/b?c=1&d=2"]),
        ("说明（http://a.example/路）", ["http://a.example/"]),
        ("See https://a.example/x_(y).", ["https://a.example/x_(y)"]),
        ("(https://a.example/)", ["https://a.example/"]),
        ("https://a.example/1\nhttps://a.example/2", ["https://a.example/1", "https://a.example/2"]),
        ("javascript:alert(1) ftp://a.example a.example", []),
        ('https://a.example/"onmouseover="x', ["https://a.example/"]),
        ("<b>https://a.example/</b>", ["https://a.example/"]),
    ],
)
def test_an_address_ends_where_a_reader_would_say(text: str, addresses: list[str]) -> None:
    tree = markup.fragment_fromstring(linked(text), create_parent="p")
    assert tree.xpath("//a/@href") == addresses
    assert tree.text_content() == text
    assert {element.tag for element in tree.iter()} <= {"p", "a"}


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("王小明", "王小明"),
        ("J. Smith", "J. Smith"),
        ("领奖http://evil.example/x，快来", "领奖…，快来"),
        ("//evil.example", "…"),
        ("www.evil.example", "…"),
        ("evil.example/win", "…"),
        ("空调KFR-35GW漏水3.5升", "空调KFR-35GW漏水3.5升"),
    ],
)
def test_nothing_in_a_strangers_line_can_be_pressed(line: str, left: str) -> None:
    assert without_links(line) == left


@pytest.mark.django_db
def test_a_name_and_a_subject_bring_no_address_into_our_mails(chen: Any, zhou: Any) -> None:
    """Who enters somebody else's address into the form sends them no link of their own by us."""
    bait = "领奖 http://evil.example/x"
    victim = Customer.objects.create(name=bait, email="victim@example.com", created_at=NOON)
    ticket = a_ticket(customer=victim, subject=bait, department=chen.department)
    ticket = tickets.reply(ticket, text="说明见https://help.example/a。", by=chen, at=NOON)
    tickets.resolve(ticket, by=chen, at=NOON)
    other = a_ticket(customer=victim, subject=bait)
    tickets.void(other, reason="out_of_scope", by=zhou, at=NOON)
    notices.deliver_due(NOON)
    sent = [mail for mail in outbox.outbox if mail.to == ["victim@example.com"]]
    assert len(sent) >= 2
    for mail in sent:
        assert "evil.example" not in f"{mail.subject}{mail.body}{mail.alternatives[0][0]}"
    assert any('href="https://help.example/a"' in str(mail.alternatives[0][0]) for mail in sent)
