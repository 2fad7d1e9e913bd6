"""C3.1: answers are written, looked at, published and withdrawn by the people of the house; every version tells who and when."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, transaction

from knowledge import answers, services
from knowledge.models import Article, ArticleVersion, Problem
from tests.make import NOON

pytestmark = pytest.mark.django_db
WORDS = {
    "question": "滤网多久清洗一次？",
    "answer": "每两周一次。",
    "words": "过滤网",
    "question_en": "",
    "answer_en": "",
}
ENGLISH = {"question_en": "How often is the filter cleaned?", "answer_en": "Every two weeks."}


@pytest.fixture
def draft(lin) -> Article:
    return services.write(words=WORDS, by=lin, at=NOON)


def public(article: Article, by) -> Article:
    return services.show(article, readers="public", since=services.version_now(article), by=by, at=NOON)


def test_a_new_answer_is_a_draft_that_nobody_is_offered(client, draft):
    assert answers.find("滤网多久清洗", inside=True) == []
    assert client.get(f"/knowledge/{draft.pk}/").status_code == 404


def test_for_colleagues_it_is_found_inside_and_not_outside(client, draft, zhou):
    services.show(draft, readers="house", since=1, by=zhou, at=NOON)
    assert [one.article for one in answers.find("滤网多久清洗", inside=True)] == [draft]
    assert answers.find("滤网多久清洗") == []
    assert client.get(f"/knowledge/{draft.pk}/").status_code == 404


def test_published_it_is_read_by_strangers_and_withdrawn_by_nobody(client, draft, zhou):
    public(draft, zhou)
    assert "每两周一次" in client.get(f"/knowledge/{draft.pk}/").content.decode()
    services.show(draft, readers="nobody", since=2, by=zhou, at=NOON)
    assert client.get(f"/knowledge/{draft.pk}/").status_code == 404
    assert answers.find("滤网多久清洗", inside=True) == []


def test_every_change_keeps_who_when_and_what_and_saving_the_same_keeps_nothing(draft, lin, zhou):
    services.change(draft, words=WORDS | {"answer": "每月一次。"}, problem=None, since=1, by=zhou, at=NOON)
    services.change(draft, words=WORDS | {"answer": "每月一次。"}, problem=None, since=2, by=zhou, at=NOON)
    public(draft, zhou)
    kept = list(draft.versions.order_by("number").values_list("number", "by", "answer", "readers"))
    assert kept == [
        (1, lin.pk, "每两周一次。", "nobody"), (2, zhou.pk, "每月一次。", "nobody"), (3, zhou.pk, "每月一次。", "public"),
    ]  # fmt: skip
    assert set(draft.versions.values_list("at", flat=True)) == {NOON}


def test_what_stood_there_before_versions_were_kept_is_the_first_one(zhou):
    old = Article.objects.create(question="保修几年？", answer="六年。", is_public=True)
    services.change(old, words={"question": "保修几年？", "answer": "八年。"}, problem=None, since=0, by=zhou, at=NOON)
    assert list(old.versions.order_by("number").values_list("answer", "by")) == [("六年。", None), ("八年。", zhou.pk)]


def test_a_version_is_never_changed_or_taken_away(draft):
    for act in (lambda: draft.versions.update(answer="x"), lambda: ArticleVersion.objects.all().delete()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            act()


def test_no_draft_is_public_whoever_writes_the_row(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=draft.pk).update(is_public=True)


def test_who_writes_does_not_publish_and_does_not_touch_what_customers_read(draft, lin, zhou, chen):
    with pytest.raises(PermissionDenied):
        services.show(draft, readers="public", since=1, by=lin, at=NOON)
    public(draft, zhou)
    with pytest.raises(PermissionDenied):
        services.change(draft, words=WORDS | {"answer": "随便。"}, problem=None, since=2, by=lin, at=NOON)
    with pytest.raises(PermissionDenied):
        services.write(words=WORDS, by=chen, at=NOON)
    draft.refresh_from_db()
    assert draft.answer == "每两周一次。"


def test_two_who_write_at_once_do_not_overwrite_each_other(client, draft, lin, zhou):
    services.change(draft, words=WORDS | {"answer": "每月一次。"}, problem=None, since=1, by=zhou, at=NOON)
    client.force_login(lin)
    answer = client.post(draft.get_absolute_url(), WORDS | {"answer": "每三周一次。", "since": 1})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert zhou.name in page
    assert "每三周一次。" in page, "what was typed is not lost"
    draft.refresh_from_db()
    assert draft.answer == "每月一次。"


def test_a_preview_shows_it_and_saves_nothing(client, draft, zhou):
    alike = Article.objects.create(question="滤网多久清洗？", answer="两周。", is_public=True)
    client.force_login(zhou)
    fields = WORDS | ENGLISH | {"answer": "第一行\n<b>第二行</b>", "since": 1, "preview": "1"}
    page = client.post(draft.get_absolute_url(), fields).content.decode()
    assert "第一行<br>&lt;b&gt;第二行&lt;/b&gt;" in page
    assert ENGLISH["answer_en"] in page
    assert alike.get_absolute_url() in page, "what is answered already"
    assert draft.versions.count() == 1


def test_written_on_the_page_changed_there_and_published(client, lin, zhou):
    problem = Problem.objects.create(title="滤网难洗", created_at=NOON)
    client.force_login(lin)
    answer = client.post("/knowledge/articles/new/", WORDS | {"since": 0, "problem": problem.pk})
    article = Article.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, article.get_absolute_url())
    assert (article.problem, article.readers) == (problem, "nobody")
    client.force_login(zhou)
    client.post(article.get_absolute_url(), WORDS | ENGLISH | {"since": 1, "problem": problem.pk})
    client.post(f"{article.get_absolute_url()}readers/", {"readers": "public", "since": 2})
    article.refresh_from_db()
    assert (article.readers, article.answer_en) == ("public", "Every two weeks.")
    listed = client.get("/knowledge/articles/?readers=public").content.decode()
    assert "滤网多久清洗一次？" in listed and zhou.name in listed


def test_an_agent_reads_a_public_answer_but_gets_no_form_and_is_refused_a_forged_one(client, draft, lin, zhou):
    public(draft, zhou)
    client.force_login(lin)
    page = client.get(draft.get_absolute_url()).content.decode()
    assert 'name="answer"' not in page and "每两周一次" in page
    assert client.post(draft.get_absolute_url(), WORDS | {"answer": "x", "since": 2}).status_code == 403
    assert client.post(f"{draft.get_absolute_url()}readers/", {"readers": "nobody", "since": 2}).status_code == 403
    assert draft.versions.count() == 2


@pytest.mark.parametrize(
    "given",
    [
        {"readers": "all", "since": 1},
        {"readers": "public"},
        {"readers": "public", "since": "²"},
        {"readers": "public", "since": "9" * 5000},  # Python reads no number of so many digits
    ],
)
def test_odd_input_is_refused(client, draft, zhou, given):
    client.force_login(zhou)
    assert client.post(f"{draft.get_absolute_url()}readers/", given).status_code == 400
    assert draft.versions.count() == 1


def test_what_somebody_else_changed_is_not_published_unseen(client, draft, lin, zhou):
    services.change(draft, words=WORDS | {"answer": "骂人的话"}, problem=None, since=1, by=lin, at=NOON)
    client.force_login(zhou)
    client.post(f"{draft.get_absolute_url()}readers/", {"readers": "public", "since": 1})
    draft.refresh_from_db()
    assert not draft.is_public


def test_an_older_versions_words_are_taken_up_in_the_form_and_saved_as_a_new_one(client, draft, zhou):
    services.change(draft, words=WORDS | {"answer": "每月一次。"}, problem=None, since=1, by=zhou, at=NOON)
    client.force_login(zhou)
    form = client.get(draft.get_absolute_url(), {"version": "1"}).context["form"]
    assert (form["answer"].value(), form["since"].value()) == ("每两周一次。", 2)
    client.post(draft.get_absolute_url(), WORDS | {"since": 2})
    draft.refresh_from_db()
    assert (draft.answer, services.version_now(draft)) == ("每两周一次。", 3)


def test_half_of_the_english_is_refused_with_everything_still_in_the_form(client, draft, zhou):
    client.force_login(zhou)
    answer = client.post(draft.get_absolute_url(), WORDS | {"question_en": "How often?", "since": 1})
    assert answer.status_code == 422
    assert "How often?" in answer.content.decode() and answer.context["form"].errors.keys() == {"answer_en"}


@pytest.mark.parametrize(("english", "called"), [("Lin Zhixia", "Lin Zhixia"), ("", "林知夏")])
def test_the_list_names_who_changed_it_as_the_reader_calls_them(client, draft, lin, zhou, english, called):
    type(lin).objects.filter(pk=lin.pk).update(name_en=english)
    type(zhou).objects.filter(pk=zhou.pk).update(language="en")
    client.force_login(zhou)
    client.cookies["language"] = "en"
    assert f'<span class="quiet">{called}</span>' in client.get("/knowledge/articles/").content.decode()


def test_the_list_costs_the_same_for_three_and_for_thirty(client, zhou, django_assert_max_num_queries, lin):
    client.force_login(zhou)
    for number in range(30):
        services.write(words=WORDS | {"question": f"问题{number}？"}, by=lin, at=NOON)
    with django_assert_max_num_queries(10):
        client.get("/knowledge/articles/")


def test_the_list_is_narrowed_by_words_and_takes_any_words(client, zhou, draft):
    client.force_login(zhou)
    assert draft.question in client.get("/knowledge/articles/", {"q": "滤网 两周"}).content.decode()
    assert draft.question not in client.get("/knowledge/articles/", {"q": "移机"}).content.decode()
    for odd in ("%_'\"<b>", "x" * 5000):
        assert client.get("/knowledge/articles/", {"q": odd, "readers": odd}).status_code == 200
    for odd in ("-1", "²", "9" * 40, "x"):
        assert client.get("/knowledge/articles/new/", {"problem": odd}).status_code == 200
        assert client.get(draft.get_absolute_url(), {"version": odd}).status_code == 200
