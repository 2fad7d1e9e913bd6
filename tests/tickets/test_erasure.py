"""D6: at the end of keeping a night's job proposes, the office looks, somebody else decides, then content is gone."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.utils import DatabaseError

from config.invariants import check
from feedback.appeals import services as services_appeals
from feedback.models import RawMessage
from notices.models import Notice
from reports import kpi, periods
from surveys.models import FollowUp
from tests.feedback.test_receive import receive
from tests.make import NOON
from tickets import access, defaults
from tickets import services as tickets
from tickets.archive import services_erasure, services_filing
from tickets.models import (
    ArchiveRecord,
    Attachment,
    Customer,
    ErasureItem,
    ErasureList,
    ErasureProof,
    Handling,
    Message,
    Ticket,
)

pytestmark = pytest.mark.django_db
WANG = {"name": "王小明", "phone": "13800001234", "email": "wang@example.com"}
LATE = NOON + timedelta(days=366 * 6)
SECRETS = ("王小明", "13800001234", "滴水", "排水", "回电", "清理")


@pytest.fixture
def case(zhou, chen, xu, after_sales, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path
    defaults.create_archive_classes()
    ticket = receive("上周安装的挂机一直滴水，排水管堵了。", customer=WANG, subject="空调滴水").ticket
    ticket = tickets.assign(ticket, department=after_sales, by=zhou, at=NOON, reason="排水问题归售后")
    ticket = tickets.accept(ticket, by=chen, at=NOON)
    ticket = tickets.investigate(ticket, facts="排水口堵塞", by=chen, at=NOON)
    ticket = tickets.plan(ticket, measures="清理排水管", by=chen, at=NOON)
    Attachment.objects.create(
        ticket=ticket, file=ContentFile(b"photo", name="a.jpg"), name="滴水.jpg", size=5, media_type="image/jpeg",
        sha256="0" * 64, uploaded_at=NOON,
    )  # fmt: skip
    services_appeals.appeal(ticket, text="一直没有回电。", at=NOON)
    ticket = tickets.resolve(ticket, text="已清理排水管，谢谢您。", by=chen, at=NOON)
    ticket = tickets.rate(ticket, rating="satisfied", comment="不再滴水", at=NOON)
    return tickets.close(ticket, by=None, at=NOON)


def a_list(case, zhou) -> ErasureList:
    assert services_erasure.gather(at=LATE) == 1
    return services_erasure.propose(ErasureList.objects.get(state="draft"), by=zhou, at=LATE)


def approved(case, zhou, tang) -> ErasureList:
    return services_erasure.decide(a_list(case, zhou), approved=True, reason="同意", by=tang, at=LATE)


def test_nothing_is_proposed_before_its_last_day_is_over(case):
    last = case.archive.keep_until
    morning = NOON.replace(year=last.year, month=last.month, day=last.day)
    assert services_erasure.gather(at=morning) == 0
    assert services_erasure.gather(at=morning + timedelta(days=1)) == 1
    assert services_erasure.gather(at=morning + timedelta(days=1)) == 0


def test_the_nightly_job_only_proposes(case):
    services_erasure.gather(at=LATE)
    assert services_erasure.erase_approved(at=LATE) == 0
    case.refresh_from_db()
    assert case.content and ErasureList.objects.get().state == "draft"


def test_who_proposed_does_not_decide_and_only_auditor_or_leader_does(case, zhou, chen, xu):
    zhou.roles = ["office", "auditor"]
    found = a_list(case, zhou)
    for person in (zhou, chen):
        with pytest.raises(tickets.ActionNotAllowed):
            services_erasure.decide(found, approved=True, reason="x", by=person, at=LATE)
    assert services_erasure.decide(found, approved=True, reason="同意", by=xu, at=LATE).state == "approved"
    with pytest.raises(tickets.ActionNotAllowed):
        services_erasure.decide(found, approved=False, reason="x", by=xu, at=LATE)


def test_only_the_office_proposes(case, chen, xu):
    services_erasure.gather(at=LATE)
    for person in (chen, xu):
        with pytest.raises(tickets.ActionNotAllowed):
            services_erasure.propose(ErasureList.objects.get(), by=person, at=LATE)


def test_erasure_takes_every_word_and_leaves_every_number(
    case, zhou, tang, xu, django_capture_on_commit_callbacks, settings
):
    month = periods.containing(NOON.date(), "month")
    counted = kpi.figures(Ticket.objects.all(), month)
    assert counted["figures"]["satisfaction"]["satisfied"] == 1
    events = case.events.count()
    approved(case, zhou, tang)
    with django_capture_on_commit_callbacks(execute=True):
        assert services_erasure.erase_approved(at=LATE) == 1
    left = dump()
    assert [secret for secret in SECRETS if secret in left] == []
    assert counted == kpi.figures(Ticket.objects.all(), month)
    row = ArchiveRecord.objects.get()
    proof = ErasureProof.objects.get(record=row)
    assert row.erased_at == LATE and proof.approved_by == tang and proof.erased["messages"] == 1
    assert case.events.count() == events + 1 and case.events.last().kind == "erase"
    assert not Attachment.objects.exists() and not list(settings.MEDIA_ROOT.glob("attachments/**/*.jpg"))
    assert FollowUp.objects.get().rating == "satisfied"
    found = check(LATE, only={"version", "status", "files", "search", "register"})
    broken = {one.code: lines for one, lines in found.items() if lines}
    assert broken == {}
    assert access.get_ticket(xu, case.number).subject == ""
    assert ErasureList.objects.get().state == "done" and services_erasure.erase_approved(at=LATE) == 0


def dump() -> str:
    """Every text that is left in any table about it."""
    from django.apps import apps

    parts = []
    for model in apps.get_models():
        if model._meta.app_label in {"tickets", "feedback", "surveys", "sla", "notices", "accounts"}:
            parts += [str(row) for row in model.objects.values()]
    return "\n".join(parts)


def test_a_case_on_hold_is_neither_proposed_nor_erased_though_approved(case, zhou, tang, xu):
    approved(case, zhou, tang)
    services_filing.hold(case, reason="诉讼", by=xu, at=LATE)
    assert services_erasure.erase_approved(at=LATE) == 0
    assert Ticket.objects.get().content and ErasureItem.objects.get().kept == "hold"
    assert services_erasure.gather(at=LATE) == 0
    services_filing.lift_hold(case, reason="结案", by=xu, at=LATE)
    assert services_erasure.gather(at=LATE) == 1


def test_a_case_that_was_reopened_meanwhile_is_not_erased(case, zhou, tang, gao):
    approved(case, zhou, tang)
    tickets.reopen(case, reason="customer_message", by=zhou, at=LATE)
    assert services_erasure.erase_approved(at=LATE) == 0
    assert Ticket.objects.get().content


def test_a_case_struck_out_is_kept_a_year_longer(case, zhou, tang):
    found = a_list(case, zhou)
    with pytest.raises(tickets.ActionNotAllowed):
        services_erasure.keep(found.items.get(), reason="还有用", by=zhou, at=LATE)
    services_erasure.keep(found.items.get(), reason="行业检查", by=tang, at=LATE)
    services_erasure.decide(found, approved=True, reason="其余同意", by=tang, at=LATE)
    assert services_erasure.erase_approved(at=LATE) == 0
    assert services_erasure.gather(at=LATE) == 0
    assert services_erasure.gather(at=LATE + timedelta(days=367)) == 1


def test_a_refused_list_comes_again(case, zhou, tang):
    services_erasure.decide(a_list(case, zhou), approved=False, reason="先不销毁", by=tang, at=LATE)
    assert services_erasure.erase_approved(at=LATE) == 0
    assert services_erasure.gather(at=LATE) == 1


def test_a_customer_with_another_case_keeps_name_and_address(case, zhou, tang):
    other = receive(customer=WANG, subject="另一件事").ticket
    assert other.customer_id == case.customer_id
    approved(case, zhou, tang)
    services_erasure.erase_approved(at=LATE)
    assert Customer.objects.get().phone == "13800001234" and Ticket.objects.get(pk=other.pk).subject == "另一件事"


def test_the_proof_stays_and_nothing_is_erased_without_the_service(case, zhou, tang):
    approved(case, zhou, tang)
    services_erasure.erase_approved(at=LATE)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ErasureProof.objects.all().delete()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        case.events.all().update(data={})
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Handling.objects.update(facts="x")
    assert not Notice.objects.filter(topic=case.number, address=WANG["email"]).exists()
    assert set(Message.objects.values_list("text", flat=True)) == {""} and RawMessage.objects.get().raw.tobytes() == b""
