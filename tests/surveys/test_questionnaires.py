"""C2.4: printed questionnaires with codes, entered by two people, compared, decided; words become cases."""

from typing import Any

import pytest

from common.pdf import pdf_of
from feedback.models import RawMessage
from surveys import paper_results
from surveys import services_paper as paper
from surveys.models_paper import Question, Questionnaire, Sheet, SheetAnswer
from surveys.sheet_codes import LETTERS, code_of, read
from tests.make import NOON
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
ANSWERS = {"process": 4, "speed": 2, "resolution": 5, "attitude": 5, "channel": 2}
WORDS = "窗口只开了一个，排队太久。"


@pytest.fixture
def form(zhou) -> Questionnaire:
    row = paper.create(code="G1", name="服务满意度问卷", name_en="Service questionnaire", at=NOON)
    paper.print_sheets(row, count=3, by=zhou, at=NOON)
    row.refresh_from_db()
    return row


def sheet(form: Questionnaire, serial: int = 1) -> Sheet:
    return form.sheets.get(serial=serial)


def entered(row: Sheet, answers: dict[str, Any], *people: Any) -> Sheet:
    for by in people:
        row = paper.enter(row, answers, by=by, at=NOON)
    return row


def test_the_four_ratings_of_the_regulation_are_asked(form):
    rated = form.questions.filter(kind="rating").values_list("code", flat=True)
    assert list(rated) == ["process", "speed", "resolution", "attitude"]


def test_two_entries_that_agree_settle_the_sheet_and_code_its_answers(form, lin, zhou):
    row = entered(sheet(form), ANSWERS, lin)
    assert (row.state, SheetAnswer.objects.count()) == (Sheet.State.ONCE, 0)
    row = entered(row, ANSWERS, zhou)
    assert row.state == Sheet.State.SETTLED
    assert dict(row.answers.values_list("question__code", "value")) == ANSWERS | {"words": None}
    assert row.ticket is None


def test_the_same_person_cannot_make_both_entries_nor_a_third_one(form, lin, zhou, chen):
    row = entered(sheet(form), ANSWERS, lin)
    with pytest.raises(paper.SheetRefused):
        entered(row, ANSWERS, lin)
    entered(row, ANSWERS, zhou)
    with pytest.raises(paper.SheetRefused):
        entered(row, ANSWERS, chen)


def test_a_difference_waits_for_a_decision_and_both_entries_stay(form, lin, zhou):
    row = entered(sheet(form), ANSWERS, lin)
    row = entered(row, ANSWERS | {"speed": 3, "words": WORDS}, zhou)
    assert row.state == Sheet.State.DIFFERS
    assert SheetAnswer.objects.count() == 0
    with pytest.raises(paper.SheetRefused, match="words"):
        paper.decide(row, {"speed": 3}, by=lin, at=NOON)
    row = paper.decide(row, {"speed": 3, "words": WORDS, "process": 1}, by=lin, at=NOON)
    assert (row.state, row.decided_by) == (Sheet.State.SETTLED, lin)
    assert dict(row.answers.values_list("question__code", "value"))["speed"] == 3
    assert dict(row.answers.values_list("question__code", "value"))["process"] == 4, "what agreed is not decided anew"
    assert [entry.answers["speed"] for entry in row.entries.all()] == [2, 3]
    with pytest.raises(paper.SheetRefused):
        paper.decide(row, {}, by=lin, at=NOON)


def test_blanks_and_full_width_signs_are_no_difference():
    assert (
        paper.differences({"words": "排队 太久。", "name": "Wang"}, {"words": "排队太久。", "name": "ｗａｎｇ"}) == []
    )
    assert paper.differences({"speed": 2}, {"speed": 2, "words": ""}) == []
    assert paper.differences({"speed": 2}, {}) == ["speed"]


def test_words_become_a_case_whose_first_contact_settled_the_sheet(form, lin, zhou):
    row = entered(sheet(form), ANSWERS | {"words": WORDS, "name": "王小明", "phone": "13800001234"}, lin, zhou)
    ticket = Ticket.objects.get()
    assert (row.ticket, ticket.channel, ticket.first_contact) == (ticket, "paper", zhou)
    assert (ticket.source, ticket.external_id, ticket.customer.name) == ("questionnaire", row.code, "王小明")
    assert RawMessage.objects.get(channel="paper").ticket == ticket


@pytest.mark.parametrize("words", ["", "无", "没有"])
def test_no_words_or_none_to_speak_of_open_no_case(form, lin, zhou, words):
    entered(sheet(form), ANSWERS | {"words": words}, lin, zhou)
    assert not Ticket.objects.exists()


def test_a_case_is_received_on_the_day_on_which_the_sheet_was_collected(form, lin, zhou):
    entered(sheet(form), ANSWERS | {"words": WORDS, "collected_on": "2026-11-20"}, lin, zhou)
    assert Ticket.objects.get().received_at.isoformat() == "2026-11-20T01:00:00+00:00"


def test_results_and_response_rate_say_what_the_sheets_say(form, lin, zhou):
    entered(sheet(form, 1), ANSWERS, lin, zhou)
    entered(sheet(form, 2), ANSWERS | {"speed": 5, "channel": 1}, lin, zhou)
    assert paper_results.returned(form) == {
        "printed": 3, "back": 2, "blank": 0, "once": 0, "differs": 0, "settled": 2, "rate": pytest.approx(200 / 3)
    }  # fmt: skip
    speed, channel = (one for one in paper_results.results(form) if one.question.code in {"speed", "channel"})
    assert (speed.mean, speed.satisfied, speed.counts[0]) == (3.5, 50.0, ("5", 1))
    assert [n for _name, n in channel.counts] == [1, 1, 0, 0, 0]


def test_a_blank_sheet_is_told_apart_and_is_no_response(client, form, lin, zhou):
    entered(sheet(form, 1), {"name": "王小明", "collected_on": "2026-11-20"}, lin)
    assert paper_results.returned(form) | {"blank": 1, "back": 0, "rate": 0, "once": 1} == paper_results.returned(form)
    client.force_login(zhou)
    told = client.post(
        "/questionnaires/entry/", {"code": sheet(form, 1).code, "enter": "1", "name": "王小明"}, follow=True
    )
    assert "两次不一致" in told.content.decode(), "the two differ in the day"
    client.post(f"/questionnaires/sheets/{sheet(form, 1).code}/", {"collected_on": ""})
    entered(sheet(form, 2), {}, lin)
    told = client.post("/questionnaires/entry/", {"code": sheet(form, 2).code, "enter": "1"}, follow=True)
    assert "空白卷" in told.content.decode()
    entered(sheet(form, 3), {"words": "无"}, lin, zhou)
    found = paper_results.returned(form)
    assert (found["settled"], found["blank"], found["back"], round(found["rate"])) == (3, 2, 1, 33)
    page = client.get("/questionnaires/G1/").content.decode()
    assert "回收空白卷" in page


def test_a_sheet_whose_words_became_a_case_stays_an_answer_when_they_are_erased(form, lin, zhou):
    entered(sheet(form), {"words": WORDS}, lin, zhou)
    SheetAnswer.objects.update(text="")
    assert paper_results.returned(form)["back"] == 1


def test_questions_stay_once_a_sheet_is_printed(form):
    with pytest.raises(paper.SheetRefused):
        paper.change_questions(form, [Question(code="x", kind="text", name="?")])
    fresh = paper.create(code="G2", name="新问卷", name_en="", at=NOON)
    paper.change_questions(fresh, [Question(code="x", kind="text", name="?")])
    assert [one.code for one in fresh.questions.all()] == ["x"]


def test_one_wrong_digit_or_two_that_changed_places_are_no_other_sheet():
    code = code_of("G1", 1207)
    assert read(f" {code.lower()} ") == code
    assert read(f"https://feedback.example/q/{code}/") == code
    wrong = [code[:index] + digit + code[index + 1 :] for index in range(3, 7) for digit in "0123456789"]
    wrong += [code[:3] + "2107" + code[7:], "G1-1207", "", "x" * 300, f"G1-1207-{LETTERS[0]}"]
    for typed in set(wrong) - {code}:
        with pytest.raises(ValueError):
            read(typed)


# --- pages ----------------------------------------------------------------------------------------
def test_the_office_makes_changes_prints_and_two_colleagues_enter(client, zhou, lin):
    client.force_login(zhou)
    assert client.post("/questionnaires/", {"code": "g1", "name": "问卷"}).status_code == 422
    assert client.post("/questionnaires/", {"code": "G7", "name": "问卷"}).status_code == 302
    answer = client.post("/questionnaires/G7/print/", {"count": "2"}, follow=True)
    row = Questionnaire.objects.get(code="G7")
    assert answer.content.decode().count("data:image/svg+xml") == 2
    in_english = client.get("/questionnaires/G7/sheets/?from=1&to=2&language=en").content.decode()
    assert '<div lang="en">' in in_english and "very satisfied" in in_english and '<html lang="zh-Hans"' in in_english
    assert "sheets.pdf?from=1&amp;to=2&amp;language=en" in in_english
    pdf = client.get("/questionnaires/G7/sheets.pdf?from=1&to=2")
    assert pdf.content.startswith(b"%PDF")
    assert client.post("/questionnaires/G7/print/", {"count": "501"}).status_code == 302
    assert row.sheets.count() == 2
    code = row.sheets.first().code
    sent = {"code": code, "enter": "1"} | {name: str(value) for name, value in ANSWERS.items()}
    assert client.post("/questionnaires/entry/", sent).status_code == 302
    assert client.post("/questionnaires/entry/", sent).status_code == 409
    client.force_login(lin)
    assert 'value="4"' not in client.get(f"/questionnaires/entry/?code={code}").content.decode()
    assert client.get(f"/questionnaires/sheets/{code}/").status_code == 404, "nobody sees the first entry before"
    wrong = client.post("/questionnaires/entry/", sent | {"speed": "9"})
    assert wrong.status_code == 422 and "1 到 5 之间的整数" in wrong.content.decode()
    assert client.post("/questionnaires/entry/", sent | {"speed": "1"}).status_code == 302
    assert code in client.get("/questionnaires/G7/").content.decode()
    client.post(f"/questionnaires/sheets/{code}/", {})
    client.post(f"/questionnaires/sheets/{code}/", {"speed": ""})
    assert row.sheets.get(code=code).state == Sheet.State.DIFFERS, "an empty page decides nothing"
    client.post(f"/questionnaires/sheets/{code}/", {"speed": "2"})
    assert row.sheets.get(code=code).state == Sheet.State.SETTLED
    assert client.get(f"/questionnaires/sheets/{code}/").status_code == 200


def test_questions_are_changed_on_their_page(client, zhou):
    paper.create(code="G3", name="问卷", name_en="", at=NOON)
    client.force_login(zhou)
    page = client.get("/questionnaires/G3/questions/")
    assert page.status_code == 200
    sent = {
        "form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0",
        "form-0-code": "wait", "form-0-kind": "rating", "form-0-name": "等候时间",
        "form-1-code": "desk", "form-1-kind": "choice", "form-1-name": "哪个窗口", "form-1-options": "一号\n二号",
        "form-2-code": "", "form-2-kind": "rating", "form-2-name": "",
    }  # fmt: skip
    assert client.post("/questionnaires/G3/questions/", sent | {"form-1-options": "一号"}).status_code == 422
    assert client.post("/questionnaires/G3/questions/", sent | {"form-1-code": "wait"}).status_code == 422
    assert client.post("/questionnaires/G3/questions/", sent | {"form-0-code": "name"}).status_code == 422
    assert client.post("/questionnaires/G3/questions/", sent).status_code == 302
    assert [one.options for one in Question.objects.filter(questionnaire__code="G3")] == [[], ["一号", "二号"]]


@pytest.mark.parametrize(
    ("who", "seen", "enters", "prints"),
    [("zhou", 200, 200, 200), ("lin", 200, 200, 403), ("he", 200, 403, 403), ("xu", 200, 403, 403),
     ("chen", 403, 403, 403), ("nobody", 403, 403, 403)],
)  # fmt: skip
def test_who_sees_enters_and_prints(client, request, form, who, seen, enters, prints):
    client.force_login(request.getfixturevalue(who))
    assert client.get("/questionnaires/G1/").status_code == seen
    assert client.get("/questionnaires/entry/").status_code == enters
    assert client.get("/questionnaires/G1/sheets/").status_code == prints


def test_the_code_on_a_sheet_leads_strangers_to_the_form(client, form, lin):
    address = f"/q/{sheet(form).code}/"
    assert client.get(address).url == "/"
    client.force_login(lin)
    assert client.get(address).url.startswith("/questionnaires/entry/")


@pytest.mark.parametrize("query", ["?from=99", "?from=-1&to=x", "?from=2&to=1", "?from=99999999999"])
def test_odd_ranges_of_sheets_are_no_error(client, form, zhou, query):
    client.force_login(zhou)
    assert client.get(f"/questionnaires/G1/sheets/{query}").status_code in {200, 404}


def test_a_document_takes_pictures_that_stand_in_it_and_nothing_from_outside():
    inside = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/%3E"
    assert pdf_of(f'<img src="{inside}">').startswith(b"%PDF")
