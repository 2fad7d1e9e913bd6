"""The pages of mails and mailboxes: who may see them, and that nothing of a stranger runs in our name (S-1, S-2)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLog, User
from feedback import erasing
from feedback.mail import secrets as mail_secrets
from feedback.mail import servers
from feedback.mail import services as services_mail
from feedback.mail.message.reading import read
from feedback.mail.message.shown import safe_page
from feedback.models import Mailbox, RawMessage
from tests.feedback.mail.build import mail, several
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
HTML = b"Content-Type: text/html; charset=utf-8\n\n"
PAGE = (
    b'<base href="http://evil.example/"><meta http-equiv="refresh" content="0;url=http://evil.example">'
    b'<p style="position:fixed" class="modal">words</p>'
    b'<script>alert(1)</script><svg onload="alert(2)"><style>*{color:red}</style></svg><img src=x onerror=alert(3)>'
    b'<a href="javascript:alert(4)">a</a><a href="&#106;avascript:alert(5)">b</a><form action="/x"><input name=q></form>'
    b'<iframe srcdoc="<script>alert(6)</script>"></iframe><img src="http://track.example/pixel.gif"><img src="cid:logo">'
    b'<a href="data:text/html,<script>alert(7)</script>">c</a><noscript><p title="</noscript><img src=x onerror=alert(8)>"></noscript>'
)


@pytest.fixture(autouse=True)
def box() -> Mailbox:
    return Mailbox.objects.create(code="support", name="客服", address="support@demo.example")


@pytest.fixture
def admin(office) -> User:
    return User.objects.create(
        username="root", name="管", roles=["admin"], department=office, is_staff=True, is_superuser=True
    )


def taken(raw: bytes) -> RawMessage:
    row, _new = services_mail.store(Mailbox.objects.get(), raw, received_at=timezone.now())
    services_mail.process(row.pk, at=timezone.now())
    return RawMessage.objects.get(pk=row.pk)


def ignored() -> RawMessage:
    return taken(mail(head="Auto-Submitted: auto-replied"))


def test_the_page_opens_with_what_waits(client, zhou) -> None:
    ignored()
    client.force_login(zhou)
    opened = client.get(reverse("feedback:mails")).content.decode()
    assert 'href="?folder=ignored" aria-current="page"' in opened and "空调" in opened


def test_the_office_finds_what_was_left_alone_and_makes_a_case_of_it(client, zhou) -> None:
    row = ignored()
    client.force_login(zhou)
    assert "空调" in client.get(reverse("feedback:mails") + "?folder=ignored").content.decode()
    assert client.get(reverse("feedback:mail", args=[row.pk])).status_code == 200
    client.post(reverse("feedback:mail-again", args=[row.pk]), {"case": "1"})
    row.refresh_from_db()
    assert (row.state, row.ticket) == ("done", Ticket.objects.get())


def test_reading_once_more_leaves_a_machines_mail_alone_again(client, zhou) -> None:
    row = ignored()
    client.force_login(zhou)
    client.post(reverse("feedback:mail-again", args=[row.pk]), {"read": "1"})
    row.refresh_from_db()
    assert (row.state, Ticket.objects.count()) == ("ignored", 0)


def test_a_case_already_made_is_not_made_again(client, zhou) -> None:
    row = taken(mail())
    client.force_login(zhou)
    for _turn in range(2):
        client.post(reverse("feedback:mail-again", args=[row.pk]), {"case": "1"})
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("name", ["mail", "mail-page", "mail-raw", "mail-again"])
def test_a_mail_of_a_case_that_one_may_not_see_does_not_exist(client, han, name) -> None:
    row = taken(several(HTML + PAGE))
    Ticket.objects.update(department=None, owner=None)
    client.force_login(han)
    address = reverse(f"feedback:{name}", args=[row.pk])
    answer = client.get(address) if name in {"mail", "mail-page"} else client.post(address)
    assert answer.status_code in {403, 404}


@pytest.mark.parametrize("state", ["ignored", "failed"])
def test_what_belongs_to_no_case_is_for_the_office_and_administrators(client, han, lin, zhou, admin, state) -> None:
    row = ignored()
    RawMessage.objects.update(state=state)
    seen = {}
    for user in (han, lin, zhou, admin):
        client.force_login(user)
        seen[user.username] = [
            client.get(reverse("feedback:mails")).status_code,
            client.get(reverse("feedback:mail", args=[row.pk])).status_code,
        ]
    assert seen == {"han": [403, 404], "lin": [403, 404], "zhou": [200, 200], "root": [200, 200]}


def test_an_administrator_without_a_part_in_a_case_does_not_read_its_mail(client, admin) -> None:
    row = taken(mail())
    client.force_login(admin)
    assert client.get(reverse("feedback:mail", args=[row.pk])).status_code == 404


def test_the_mail_as_it_came_is_a_file_and_taking_it_is_on_record(client, zhou) -> None:
    row = taken(mail())
    client.force_login(zhou)
    assert client.get(reverse("feedback:mail-raw", args=[row.pk])).status_code == 405
    answer = client.post(reverse("feedback:mail-raw", args=[row.pk]))
    assert answer.content == mail()
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert AccessLog.objects.get(purpose="raw mail").user == zhou


def test_a_page_of_a_stranger_is_cleaned_and_caged(client, zhou) -> None:
    logo = b"Content-Type: image/png\nContent-ID: <logo>\nContent-Disposition: inline\n\nPNG"
    row = taken(several(HTML + PAGE, logo, kind="related"))
    client.force_login(zhou)
    assert b'sandbox=""' in client.get(reverse("feedback:mail", args=[row.pk])).content
    answer = client.get(reverse("feedback:mail-page", args=[row.pk]))
    text = answer.content.decode().lower()
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("sandbox;") and "default-src 'none'" in policy and "allow-scripts" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "words" in text and "data:image/png;base64," in text
    for bad in ("<script", "onerror", "onload", "javascript:", "<svg", "<form", "<iframe", "<base", "refresh", "evil.example",
                "track.example",                 "style=", "class=", "data:text/html", "srcdoc"):  # fmt: skip
        assert bad not in text, bad


@pytest.mark.parametrize(
    "page", ["<div>" * 50_000, "<b>" * 40_000 + "</b>" * 40_000, "<p>x</p>" * 100_000, "<div>" * 299 + "x"]
)
def test_no_page_takes_the_cleaner_long(page: str) -> None:
    import time

    start = time.process_time()
    safe_page(page, ())
    assert time.process_time() - start < 2


def test_a_mail_without_html_has_no_page(client, zhou) -> None:
    row = taken(mail())
    client.force_login(zhou)
    assert client.get(reverse("feedback:mail-page", args=[row.pk])).status_code == 404


def test_the_mails_of_a_case_stand_on_its_page(client, zhou) -> None:
    row = taken(mail())
    assert row.ticket
    client.force_login(zhou)
    page = client.get(row.ticket.get_absolute_url()).content.decode()
    assert reverse("feedback:mail", args=[row.pk]) in page


@pytest.mark.parametrize("query", ["?folder=nothing", "?before=x", "?before=99999999999999999999", "?before=-1"])
def test_odd_questions_are_answered(client, zhou, query) -> None:
    client.force_login(zhou)
    assert client.get(reverse("feedback:mails") + query).status_code == 200


FIELDS = {"name": "投诉", "name_en": "", "address": "c@demo.example", "host": "imap.demo.example", "port": "993", "security": "tls",
          "username": "c", "folder": "INBOX", "is_active": "on"}  # fmt: skip


@pytest.fixture(autouse=True)
def hosts_exist(monkeypatch) -> None:
    monkeypatch.setattr("notices.outgoing.address_of", lambda host, port: "93.184.216.34")


def test_a_mailbox_is_made_and_its_password_never_shown(client, admin) -> None:
    client.force_login(admin)
    answer = client.post(reverse("feedback:mailbox-new"), FIELDS | {"code": "complaints", "password": "s3cret-words"})
    assert answer.status_code == 302
    row = Mailbox.objects.get(code="complaints")
    assert mail_secrets.opened(row.sealed_password) == "s3cret-words"
    for name in ("feedback:mailbox", "feedback:mailboxes"):
        page = client.get(reverse(name, args=[row.code] if name.endswith("x") else [])).content
        assert b"s3cret-words" not in page
    assert client.post(reverse("feedback:mailbox", args=[row.code]), FIELDS | {"name": "别名"}).status_code == 302
    row.refresh_from_db()
    assert (row.name, mail_secrets.opened(row.sealed_password)) == ("别名", "s3cret-words")


def test_a_known_password_is_not_sent_to_another_server(client, admin, box) -> None:
    box.host, box.username, box.sealed_password = "imap.demo.example", "c", mail_secrets.sealed("s3cret-words")
    box.save()
    client.force_login(admin)
    answer = client.post(reverse("feedback:mailbox", args=[box.code]), FIELDS | {"host": "evil.example"})
    assert answer.status_code == 422
    assert Mailbox.objects.get().host == "imap.demo.example"


@pytest.mark.parametrize(
    "wrong",
    [{"port": "0"}, {"port": "70000"}, {"address": "x"}, {"username": ""}, {"password": ""}, {"code": "A b"}, {"code": "support"},
     {"security": "rot13"}, {"folder": ""}],
)  # fmt: skip
def test_what_cannot_be_a_mailbox_is_refused_with_words(client, admin, wrong) -> None:
    client.force_login(admin)
    answer = client.post(reverse("feedback:mailbox-new"), FIELDS | {"code": "complaints", "password": "x"} | wrong)
    assert answer.status_code == 422
    assert Mailbox.objects.count() == 1


def test_only_administrators_set_mailboxes(client, zhou, lin, box) -> None:
    client.force_login(zhou)
    assert client.get(reverse("feedback:mailboxes")).status_code == 200
    assert client.get(reverse("feedback:mailbox", args=[box.code])).status_code == 403
    assert client.post(reverse("feedback:mailbox-fetch", args=[box.code])).status_code == 403
    client.force_login(lin)
    assert client.get(reverse("feedback:mailboxes")).status_code == 403


def test_a_server_that_does_not_answer_is_said_on_the_page(client, admin, box, monkeypatch, settings) -> None:
    Mailbox.objects.update(host="127.0.0.1", port=1, username="c")
    settings.OUTGOING_ALLOWED = ["127.0.0.1:1"]
    monkeypatch.setattr("notices.outgoing.address_of", lambda host, port: "127.0.0.1")
    monkeypatch.setattr(servers, "PATIENCE", 2)
    client.force_login(admin)
    answer = client.post(reverse("feedback:mailbox-fetch", args=[box.code]), follow=True)
    assert "127.0.0.1:1" in answer.content.decode()


def test_the_list_costs_the_same_for_three_and_thirty(client, zhou, django_assert_max_num_queries) -> None:
    client.force_login(zhou)
    costs = []
    for count in (3, 30):
        for number in range(RawMessage.objects.count(), count):
            taken(mail(f"{number}".encode(), head="Precedence: bulk"))
        with django_assert_max_num_queries(20) as seen:
            client.get(reverse("feedback:mails") + "?folder=ignored")
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_the_words_of_a_real_page_survive_the_cleaning() -> None:
    body, left_out = safe_page(read(several(HTML + "<table><tr><td>漏水</td></tr></table>".encode())).html, ())
    assert ("漏水" in body, left_out) == (True, 0)


def test_what_is_erased_with_its_case_leaves_nothing_of_the_sender() -> None:
    row = taken(mail(head="Message-ID: <private@example.cn>"))
    assert row.ticket
    erasing.erase(row.ticket)
    row.refresh_from_db()
    assert (bytes(row.raw), row.sender, row.subject, row.message_id) == (b"", "", "", "")
