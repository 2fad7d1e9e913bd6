"""What somebody wrote stands there again when the move is refused: also when the case has left their hands meanwhile."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from knowledge.models import Problem
from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.problems import services as problems

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)
LONG = "已到现场核实，排水管接反，两位用户都看到了。\n照片随后补上。"


@pytest.fixture
def mine(client, chen, after_sales, gao, zhou):
    client.force_login(chen)
    return tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)


def posted(client, ticket, move, *, version=None, **typed):
    address = reverse("tickets:move", args=[ticket.number, move])
    return client.post(address, {"version": version or ticket.version} | typed)


def test_after_a_refusal_the_words_stand_in_their_form(client, mine):
    page = posted(client, mine, "plan", measures=LONG, amount="100")  # an amount without a remedy
    assert page.status_code == 409
    (form,) = [move["form"] for move in [*page.context["moves"], *page.context["next"]["moves"]] if move["open"]]
    assert form["measures"].value() == LONG
    assert page.content.decode().count("两位用户都看到了") == 1


def test_where_the_move_is_not_offered_any_more_the_words_stand_above(client, mine, zhou, after_sales):
    """The case was resolved and reopened: nobody may investigate before somebody has accepted it."""
    now = tickets.assign(mine, department=after_sales, by=zhou, at=LATER)
    page = posted(client, now, "investigate", facts=LONG)
    assert page.status_code == 409
    assert "没有保存" in page.content.decode() or "未保存" in page.content.decode()
    assert page.context["typed"] == [LONG]
    assert "两位用户都看到了" in page.content.decode()


def test_where_the_case_went_to_others_the_words_come_back_with_the_reason(client, mine, zhou, logistics):
    tickets.assign(mine, department=logistics, by=zhou, at=LATER)
    page = posted(client, mine, "say", verb="reply", text=LONG)  # chen still sees it, as its first contact
    assert page.status_code in {403, 409}
    assert "两位用户都看到了" in page.content.decode()
    tickets.change_first_contact(mine, person=zhou, reason="调岗", by=zhou, at=LATER)
    page = posted(client, mine, "say", verb="reply", text=LONG)
    assert page.status_code == 404
    assert "两位用户都看到了" in page.content.decode()
    assert mine.subject not in page.content.decode()


def test_somebody_elses_change_asks_for_the_evidence_again_and_takes_it(client, mine, zhou, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    tickets.note(mine, text="催一下", by=zhou, at=LATER)
    photo = SimpleUploadedFile("a.txt", b"seen", content_type="text/plain")
    page = posted(client, mine, "investigate", facts=LONG, files=photo)
    assert page.status_code == 409
    form = page.content.decode().split("<form", 2)[-1].split("</form>")[0]
    assert 'enctype="multipart/form-data"' in page.content.decode()
    assert "files-again" in page.content.decode()
    assert form


def test_a_draft_that_was_changed_is_kept_when_it_cannot_be_sent(client, mine, zhou):
    leaks = Problem.objects.create(title="漏水", created_at=NOON)
    ticket = tickets.classify(mine, problem=leaks, by=zhou, at=NOON)
    problems.answer_problem(leaks, text="统一答复", by=zhou, at=NOON)
    address = reverse("tickets:draft", args=[ticket.number])
    page = client.post(address, {"text": LONG, "version": ticket.version, "resolves": "1"})  # no thanks in it
    assert page.status_code == 422
    assert "两位用户都看到了" in page.content.decode()
    page = client.post(address, {"text": LONG, "version": 1})
    assert page.status_code == 409
    assert "两位用户都看到了" in page.content.decode()
    client.post(address, {"drop": "1", "version": ticket.version})
    page = client.post(address, {"text": LONG, "version": ticket.version})
    assert page.status_code == 409
    assert page.context["typed"] == [LONG]
