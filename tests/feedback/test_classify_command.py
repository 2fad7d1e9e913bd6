"""`classify` and `group_similar` keep their line formats."""

import io
import json

import pytest
from django.core.management import call_command


def run(monkeypatch, command, lines, *args):
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(json.dumps(line) for line in lines) + "\n"))
    out = io.StringIO()
    call_command(command, *args, stdout=out, stderr=io.StringIO())
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_classify_prints_one_verdict_a_line(monkeypatch):
    lines = [
        {"id": "a", "subject": "快递", "text": "请问杭州的快递什么时候到？"},
        {"text": "紧急！充电器起火了"},
    ]
    first, second = run(monkeypatch, "classify", lines, "--default-rules")
    expected = {"id", "nature", "nature_confidence", "category", "region", "tier", "alerts", "needs_review", "reasons"}
    assert expected <= first.keys()
    assert (first["id"], first["nature"], first["category"], first["region"]) == ("a", "inquiry", "delivery", "330100")
    assert (second["id"], second["tier"], second["alerts"]) == (2, "L1", ["urgent"])
    assert all(reason["words"] for reason in second["reasons"] if reason["field"] == "tier")


def test_classify_can_name_the_field_of_city_government(monkeypatch):
    (line,) = run(monkeypatch, "classify", [{"text": "小学招生学位不够，老师太少"}], "--default-rules", "--topics")
    assert line["category"] == "education"


def test_a_line_that_cannot_be_read_is_reported_and_the_rest_goes_on(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO('nonsense\n{"id": 7, "text": "请问几点关门"}\n'))
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("classify", "--default-rules", stdout=out, stderr=io.StringIO())
    first, second = map(json.loads, out.getvalue().splitlines())
    assert first["line"] == 1 and second["id"] == 7


def test_group_similar_puts_the_same_trouble_together_and_leaves_the_rest_alone(monkeypatch):
    lines = [
        {"id": 1, "text": "魅力花园一楼夜宵摊油烟扰民\n每天晚上油烟很大，没法开窗", "at": "2026-03-01T08:00:00+08:00"},
        {"id": 2, "text": "会员积分怎么兑换\n想换一个杯子", "at": "2026-03-02T08:00:00+08:00"},
        {"id": 3, "text": "投诉魅力花园小区夜宵摊油烟扰民\n油烟味太大了", "at": "2026-04-01T08:00:00+08:00"},
        {"id": 4, "text": "魅力花园夜宵摊油烟扰民\n一年了", "at": "2027-03-01T08:00:00+08:00"},
    ]
    printed = run(monkeypatch, "group_similar", lines)
    assert printed == [{"id": 1, "group": 1}, {"id": 2, "group": None}, {"id": 3, "group": 1}, {"id": 4, "group": None}]


def test_group_similar_answers_a_line_without_text_with_its_number_and_goes_on(monkeypatch):
    lines = ['\ufeff{"id": 1, "text": "空调漏水"}', '{"id": 2}', "nonsense", "[]", '{"id": "\\ud800", "text": null}']
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("group_similar", stdout=out, stderr=io.StringIO())
    first, *bad, last = map(json.loads, out.getvalue().splitlines())
    assert first == {"id": 1, "group": None} and last["group"] is None
    assert [(row["id"], row["line"], row["error"]) for row in bad] == [
        (None, number, "not a line to group") for number in (2, 3, 4)
    ]


@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_a_file_may_begin_with_a_mark_of_its_byte_order(monkeypatch, mark):
    monkeypatch.setattr("sys.stdin", io.StringIO(mark + '{"id": 7, "text": "请问几点关门"}\n'))
    out = io.StringIO()
    call_command("classify", "--default-rules", stdout=out, stderr=io.StringIO())
    assert json.loads(out.getvalue())["id"] == 7
