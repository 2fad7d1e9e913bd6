"""The form on other sites, and on posters: only listed sites may frame it, and a place is filled in (C2.1, S-13)."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from feedback.paper.views_posters import address_of
from tests.feedback.test_form import GOOD
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
SHOP = "https://shop.example"


@pytest.fixture
def shop(settings):
    settings.WIDGET_ORIGINS = [SHOP]


def ancestors(answer) -> str:
    return re.search(r"frame-ancestors ([^;]*)", answer["Content-Security-Policy"])[1]


def test_without_a_list_there_is_no_widget(client):
    for path in ("/widget.js", "/embed/", "/embed/receipt/x/"):
        assert client.get(path).status_code == 404
    assert client.post("/embed/", GOOD).status_code == 404


def test_listed_sites_alone_may_frame_the_form(client, shop):
    answer = client.get("/embed/")
    assert ancestors(answer).split() == ["'self'", SHOP]
    assert "X-Frame-Options" not in answer
    assert "csrfmiddlewaretoken" not in answer.content.decode().split("<main")[1]
    for path in ("/", "/track/", "/login/"):
        other = client.get(path)
        assert ancestors(other) == "'none'"
        assert other["X-Frame-Options"] == "DENY"


def test_a_form_sent_from_the_frame_leads_to_its_receipt_inside_it(client, shop):
    answer = client.post("/embed/", GOOD, headers={"Origin": "http://testserver"})
    assert answer.url.startswith("/embed/receipt/")
    page = client.get(answer.url)
    assert Ticket.objects.get().number in page.content.decode()
    assert ancestors(page).split() == ["'self'", SHOP]
    assert 'target="_blank"' in page.content.decode(), "the case opens outside the frame"


def test_the_form_in_a_frame_speaks_the_language_of_the_page_around_it_to_the_end(client, shop):
    chinese = {"Accept-Language": "zh-CN", "Origin": "http://testserver"}
    form = client.get("/embed/?language=en", headers=chinese)
    page = form.content.decode()
    assert "Send feedback" in page and '<html lang="en"' in page and form["Content-Language"] == "en"
    assert 'action="/embed/?language=en"' in page and 'hx-post="/answers/?language=en"' in page
    answer = client.post("/embed/?language=en", GOOD, headers=chinese)
    receipt = client.get(answer.url, headers=chinese).content.decode()
    assert "Please keep the number and the tracking code" in receipt and 'href="/embed/?language=en"' in receipt
    assert Ticket.objects.get().language == "en", "and so does the answer"
    assert "提交反馈" in client.get("/embed/?language=xx", headers=chinese).content.decode()


@pytest.mark.parametrize("origin", ["", "null", SHOP, "https://evil.example", "http://testserver.evil.example", "x"])
def test_a_form_that_was_not_filled_in_here_is_refused(shop, origin):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    headers = {"Origin": origin} if origin else {}
    assert strict.post("/embed/", GOOD, headers=headers).status_code == 403
    assert not Ticket.objects.exists()


def test_an_error_in_the_frame_stays_in_the_frame(client, shop):
    answer = client.post("/embed/", GOOD | {"content": "短"}, headers={"Origin": "http://testserver"})
    assert answer.status_code == 422
    assert 'action="/embed/?language=zh-hans"' in answer.content.decode()
    assert SHOP in ancestors(answer)


def test_the_script_names_no_visitor_and_may_be_kept(client, shop):
    answer = client.get("/widget.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "max-age" in answer["Cache-Control"]
    assert "Set-Cookie" not in answer
    assert "/embed/" in answer.content.decode()


def test_a_poster_leads_to_the_form_with_its_place(client, zhou, settings):
    settings.PUBLIC_BASE_URL = "https://feedback.example"
    client.force_login(zhou)
    page = client.get("/posters/", {"places": "江州旗舰店\n\n  二楼 服务台 \n江州旗舰店"}).content.decode()
    assert page.count('class="sheet poster') == 2
    assert "<bdi>二楼 服务台</bdi>" in page
    there = urlsplit(address_of("江州旗舰店 & 二楼"))
    assert f"{there.scheme}://{there.netloc}" == "https://feedback.example"
    assert parse_qs(there.query) == {"place": ["江州旗舰店 & 二楼"]}
    client.logout()
    form = client.get(f"/?{there.query}").content.decode()
    assert 'value="江州旗舰店 &amp; 二楼"' in form


def test_a_poster_speaks_the_language_it_is_wanted_in_whoever_prints_it(client, zhou):
    client.force_login(zhou)
    page = client.post("/posters/", {"places": "江州旗舰店", "language": "en"}).content.decode()
    assert '<html lang="zh-Hans"' in page and '<div lang="en">' in page
    assert "How was it? Tell us." in page and "Chengchuan Appliances" in page
    as_the_page = client.post("/posters/", {"places": "江州旗舰店"}).content.decode()
    assert "How was it? Tell us." not in as_the_page and '<option value="zh-hans" selected' in as_the_page


def test_posters_for_fifty_places_are_made_in_one_go(client, zhou):
    """Their names are longer than an address may be, so the form is sent by POST."""
    client.force_login(zhou)
    names = [f"江州市第{n}号旗舰店二楼售后服务台" for n in range(50)]
    assert 'method="post"' in client.get("/posters/").content.decode()
    page = client.post("/posters/", {"places": "\n".join(names)}).content.decode()
    assert page.count('class="sheet poster') == 50


@pytest.mark.parametrize("places", ["\n".join(f"店{n}" for n in range(51)), "店" * 101, " \n\u200b"])
def test_posters_that_make_no_sense_are_refused(client, zhou, places):
    client.force_login(zhou)
    assert client.get("/posters/", {"places": places}).status_code == 422


def test_a_place_is_text_wherever_it_stands(client, zhou):
    client.force_login(zhou)
    for path, name in (("/posters/", "places"), ("/", "place")):
        assert b"<script>x" not in client.get(path, {name: "<script>x</script>"}).content


def test_handlers_print_no_posters(client, chen):
    client.force_login(chen)
    assert client.get("/posters/").status_code == 403
