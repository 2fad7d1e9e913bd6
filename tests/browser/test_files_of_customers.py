"""A customer's files in a real Chromium: pasted, dropped, recorded; they go on after a break, and never run here (S-1)."""

import base64
import hashlib
import io
import re
import time
from pathlib import Path

import pytest
from PIL import Image

from tickets.models import Attachment, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
WORDS = "空调装好以后一直滴水，请看视频。"
FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(range(256)) * 12_000
PUT = """([kind, name, type]) => {
  const bag = new DataTransfer()
  bag.items.add(new File([Uint8Array.from(atob(window.picture), c => c.charCodeAt(0))], name, {type}))
  const at = document.querySelector(kind === "drop" ? ".drop" : "[name=content]")
  const event = kind === "paste" ? new ClipboardEvent("paste", {clipboardData: bag, bubbles: true, cancelable: true})
                                 : new DragEvent("drop", {dataTransfer: bag, bubbles: true, cancelable: true})
  at.dispatchEvent(event)
}"""


def until(page, truth: str, seconds: float = 60) -> None:
    """Playwright's own way needs `eval`, which the content policy refuses."""
    end = time.monotonic() + seconds
    while not page.evaluate(truth):
        assert time.monotonic() < end, truth
        page.wait_for_timeout(100)


def small(page) -> str:
    return page.locator(".files li small").last.inner_text()


def filled(visit, width=360):
    found = visit(width=width)
    found.goto("/")
    page = found.page
    page.fill("[name=content]", WORDS)
    page.check("input[name=anonymous][value='1']", force=True)
    return found, page


def sent(page) -> Ticket:
    with page.expect_navigation(url=re.compile("/receipt/")):
        page.locator("main form button[type=submit]").last.click()
    return Ticket.objects.get(number=page.locator("#number").inner_text())


@pytest.mark.parametrize("kind", ["paste", "drop", "drop beside the area"])
def test_a_picture_is_pasted_or_dropped(visit, kind):
    found, page = filled(visit)
    drawn = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(drawn, "PNG")
    page.evaluate("text => window.picture = text", base64.b64encode(drawn.getvalue()).decode())
    page.evaluate(PUT, [kind, "漏水.png", "image/png"])
    page.wait_for_selector(".files li input[name=kept]", state="attached")
    assert page.locator(".files li img").count() == 1, "it is seen before it is sent"
    assert sent(page).attachments.get().name == "漏水.png"
    assert found.complaints == []


def test_a_few_words_are_spoken_into_the_form_heard_and_sent(visit):
    found, page = filled(visit)
    page.locator("[data-record]").click()
    until(page, "document.querySelector('[data-record]').textContent.includes('0:02')")
    page.locator("[data-record]").click()
    page.wait_for_selector(".files li input[name=kept]", state="attached")
    until(page, "document.querySelector('.files audio').readyState >= 1")
    row = sent(page).attachments.get()
    assert row.media_type == "audio/webm"
    page.locator("main a[href*='/t/']").first.click()
    page.wait_for_selector(".thread audio")
    page.evaluate("document.querySelector('.thread audio').load()")
    page.evaluate("document.querySelector('.thread audio').preload = 'auto'")
    until(page, "document.querySelector('.thread audio').readyState >= 1")
    assert found.complaints == []


def film(tmp_path) -> Path:
    path = tmp_path / "漏水过程.mp4"
    path.write_bytes(FILM)
    return path


def test_a_film_goes_on_where_the_connection_broke(visit, tmp_path):
    _found, page = filled(visit)
    pieces: list[str] = []

    def network(route, request):
        if request.method != "PATCH":
            return route.continue_()
        pieces.append(request.headers["upload-offset"])
        return route.abort("internetdisconnected") if len(pieces) in {2, 3} else route.continue_()

    page.route("**/api/v1/attachments/**", network)
    page.set_input_files("#id_uploads", film(tmp_path))
    until(page, "[...document.querySelectorAll('.files small')].some(e => e.textContent.includes('网络断开'))")
    page.wait_for_selector(".files li input[name=kept]", state="attached")
    assert pieces[:4] == ["0", "524288", "524288", "524288"], "nothing is sent twice that had arrived"
    row = sent(page).attachments.get()
    assert row.sha256 == hashlib.sha256(FILM).hexdigest()


def test_a_film_goes_on_after_the_page_was_closed(visit, tmp_path):
    _found, page = filled(visit)
    sent_pieces: list[str] = []
    stop = {"after": 2}

    def network(route, request):
        if request.method != "PATCH":
            return route.continue_()
        sent_pieces.append(request.headers["upload-offset"])
        return route.abort("internetdisconnected") if len(sent_pieces) > stop["after"] else route.continue_()

    page.route("**/api/v1/attachments/**", network)
    film(tmp_path)
    page.set_input_files("#id_uploads", tmp_path / "漏水过程.mp4")
    until(page, "[...document.querySelectorAll('.files small')].some(e => e.textContent.includes('网络断开'))")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    reached = len(sent_pieces)
    stop["after"] = 999
    assert page.locator(".files li").inner_text().startswith("漏水过程.mp4")
    assert "请再选择一次" in small(page), "it is said that half of it is there, and what to do"
    assert page.input_value("[name=content]") == WORDS, "what was written is back"
    page.check("input[name=anonymous][value='1']", force=True)
    page.locator("main form button[type=submit]").last.click()
    assert "“漏水过程.mp4”尚未传完" in page.locator("#toasts").inner_text(), "it is not sent without the film"
    assert page.evaluate("document.activeElement.closest('.files li') !== null"), "it can be taken off"
    page.set_input_files("#id_uploads", film(tmp_path))
    page.wait_for_selector(".files li input[name=kept]", state="attached")
    assert int(sent_pieces[reached]) > 0, "it began where it had stopped"
    assert page.locator(".files li").count() == 1
    assert sent(page).attachments.get().size == len(FILM)


def test_whole_files_are_still_there_after_the_page_was_closed_and_gone_once_sent(visit, tmp_path):
    found, page = filled(visit)
    page.set_input_files("#id_uploads", film(tmp_path))
    page.wait_for_selector(".files li input[name=kept]", state="attached")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert page.input_value("[name=content]") == WORDS, "and so are the words beside them"
    assert page.locator(".files li").count() == 1
    assert "已上传" in small(page)
    assert sent(page).attachments.get().size == len(FILM)
    page.goto(found.url + "/")
    assert page.locator(".files li").count() == 0
    assert page.input_value("[name=content]") == ""


def test_a_form_sent_too_early_waits_for_its_film(visit, tmp_path):
    _found, page = filled(visit)

    def slow(route, request):
        time.sleep(0.4)
        route.continue_()

    page.route("**/api/v1/attachments/**", slow)
    page.set_input_files("#id_uploads", film(tmp_path))
    with page.expect_navigation(url=re.compile("/receipt/"), timeout=30_000):
        page.locator("main form button[type=submit]").last.click()
    assert Ticket.objects.get(number=page.locator("#number").inner_text()).attachments.get().size == len(FILM)


def test_files_stand_on_the_case_as_they_were_chosen(visit, tmp_path):
    _found, page = filled(visit)
    names = ["3 之前.mp4", "1 之后.pdf", "2 全景.pdf"]
    (tmp_path / names[0]).write_bytes(FILM)
    for name in names[1:]:
        (tmp_path / name).write_bytes(b"%PDF-1.4\n1 0 obj\n%%EOF" + name.encode())
    page.set_input_files("#id_uploads", [tmp_path / name for name in names])
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile("/receipt/"))
    case = Ticket.objects.get(number=page.locator("#number").inner_text())
    assert [row.name for row in case.attachments.all()] == names


def test_a_file_refused_while_the_form_waits_says_so(visit, tmp_path):
    _found, page = filled(visit)
    (tmp_path / "x.mp4").write_bytes(b"<html><script>alert(1)</script>" * 100)
    pieces = []  # held until the form waits for them: a file refused before is no reason to wait
    page.route(
        "**/api/v1/attachments/*/",
        lambda route: pieces.append(route) if route.request.method == "PATCH" else route.continue_(),
    )
    page.set_input_files("#id_uploads", tmp_path / "x.mp4")
    while not pieces:
        page.wait_for_timeout(20)
    page.locator("main form button[type=submit]").last.click()
    pieces[0].continue_()
    page.wait_for_selector("#toasts [role=alert]")
    assert "x.mp4" in page.locator("#toasts [role=alert]").inner_text()
    assert page.locator("main form button[type=submit][aria-busy]").count() == 0


def test_a_file_that_is_refused_says_why_and_holds_nothing_up(visit, tmp_path):
    _found, page = filled(visit)
    bad = tmp_path / "x.mp4"
    bad.write_bytes(b"<html><script>alert(1)</script>" * 100)
    page.set_input_files("#id_uploads", bad)
    page.wait_for_selector(".files li.bad")
    assert "x.mp4" in small(page)
    page.locator(".files li button").click()
    assert sent(page).attachments.count() == 0


def test_a_file_taken_back_is_gone_on_the_server_too(visit, tmp_path):
    _found, page = filled(visit)
    page.set_input_files("#id_uploads", film(tmp_path))
    page.wait_for_selector(".files li input[name=kept]", state="attached")
    before = Attachment.objects.count()
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.locator(".files li button").click()
    assert Attachment.objects.count() == before - 1
    assert sent(page).attachments.count() == 0


SCRIPT = b"<script>top.postMessage('ran', '*'); fetch('/desk/?ran')</script>"


def wolves() -> dict[str, bytes]:
    """Files that are two things at once, or something else than they say."""
    drawn = io.BytesIO()
    Image.new("RGB", (20, 20), "teal").save(drawn, "JPEG", comment=SCRIPT)
    return {
        "a.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>top.postMessage("ran","*")</script></svg>',
        "b.html": b"<!doctype html>" + SCRIPT,
        "c.jpg": drawn.getvalue() + b"<html>" + SCRIPT,
        "d.gif": b"GIF89a/*\x01\x00\x01\x00\x00" + b"*/=1;top.postMessage('ran','*')//" + SCRIPT,
        "e.pdf": b"%PDF-1.4\n<html>" + SCRIPT + b"\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>\n%%EOF",
        "f.txt": b"plain words. " * 120 + SCRIPT,
        "g.mp4": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom<html>" + SCRIPT,
        "h.mp3": b"ID3\x03\0\0\0\0\0\0" + b"<html>" + SCRIPT + b"\xff\xfb\x90\0" * 60,
    }


SEND = """async ([coded, name]) => {
  const bytes = Uint8Array.from(atob(coded), c => c.charCodeAt(0)), form = new FormData()
  form.append("file", new File([bytes], name))
  const answer = await fetch("/api/v1/attachments/", {method: "POST", body: form})
  return answer.ok ? (await answer.json()).id : ""
}"""
SAY = """async ([address, body, token]) => (await fetch(address, {
  method: "POST", body: JSON.stringify(body), headers: {"Content-Type": "application/json", "X-CSRFToken": token || ""}
})).status"""


def test_no_file_ever_runs_in_this_sites_name(visit, site):
    found = visit()
    found.goto(site.pages["tracking"])
    page, code = found.page, site.pages["tracking"].strip("/").split("/")[-1]
    coded = [[base64.b64encode(content).decode(), name] for name, content in wolves().items()]
    taken = {one[1]: key for one in coded if (key := page.evaluate(SEND, one))}
    assert taken.keys() >= {"c.jpg", "e.pdf", "f.txt", "g.mp4"}, "some are taken, so that there is something to try"
    assert not {"a.svg", "b.html"} & taken.keys()
    words = {"text": "这些是文件。", "attachments": list(taken.values())}
    assert page.evaluate(SAY, [f"/api/v1/feedback/{code}/messages/", words, ""]) == 201
    places = [f"/t/{code}/files/{key}/" for key in taken.values()]
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.evaluate("window.heard = []; addEventListener('message', e => heard.push(e.data))")
    for there in places:
        assert page.evaluate("async there => (await fetch(there)).status", there) == 200
        page.evaluate(
            """there => Promise.all(["iframe", "script", "img", "object", "video"].map(kind => new Promise(done => {
                const e = document.createElement(kind)
                e.onload = e.onerror = () => done()
                e[kind === "object" ? "data" : "src"] = there
                document.body.append(e)
                setTimeout(done, 400)
            })))""",
            there,
        )
    page.wait_for_timeout(500)
    assert page.evaluate("heard") == []
    assert not [url for url in asked if "ran" in url]
    other = page.context.new_page()
    dialogs: list[str] = []
    other.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    shown = 0
    for there in places:
        try:
            other.goto(site.url + there)
        except Exception as error:  # a download begins, which is what should happen
            assert "Download" in str(error) or "ERR_ABORTED" in str(error)
            continue
        shown += 1
        assert other.evaluate("document.querySelectorAll('script').length") == 0
        assert other.evaluate("origin") == "null", "shown, but in nobody's name"
    assert shown, "a picture is shown"
    assert dialogs == []
    assert not [url for url in asked if "ran" in url]


def test_an_answer_appears_on_the_tracking_page_by_itself(visit, site):
    found, colleague = visit(width=360), visit("zhou")
    found.goto(site.pages["tracking"])
    page = found.page
    page.fill("#reply [name=text]", "还没有写完的话")
    number = page.locator("p.code").first.inner_text()
    colleague.goto(f"/tickets/{number}/")
    token = colleague.page.input_value("#composer [name=csrfmiddlewaretoken]")
    version = Ticket.objects.get(number=number).version
    answer = [f"/api/v1/tickets/{number}/reply/", {"text": "师傅明天上午十点到。", "version": version}, token]
    assert colleague.page.evaluate(SAY, answer) in {200, 201}
    until(page, "document.querySelector('#thread').innerText.includes('师傅明天上午十点到')")
    assert page.input_value("#reply [name=text]") == "还没有写完的话"
    assert page.evaluate("document.querySelectorAll('#now, #thread, #history, #live').length") == 4
    assert found.complaints == []
