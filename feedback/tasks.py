from datetime import timedelta

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from feedback import services_forget
from feedback.chat import services as services_chat
from feedback.hotline import services as services_calls
from feedback.imports import services as services_import
from feedback.learning import services_training
from feedback.mail import services as services_mail
from feedback.mail import services_fetch
from feedback.models import Mailbox, RawMessage
from feedback.paper import services as services_boxes
from feedback.problems import services as services_problems
from feedback.wechat import services as services_wechat
from tickets.attachments import files, uploads
from tickets.channels import Channel

TRY_AGAIN = timedelta(minutes=3)
AT_ONCE = 200


@shared_task(name="feedback.forget_unused_uploads")
def forget_unused_uploads() -> int:
    """Files that nobody sent with anything, and uploads that nobody went on with, go after a day; old drafts after a week."""
    before = timezone.now() - files.KEPT_UNUSED
    services_calls.forget_drafts(before=timezone.now() - services_calls.KEPT_DRAFTS)
    return files.forget_unused(before=before) + uploads.forget_old(before=before)


@shared_task(name="feedback.drop_orphans")
def drop_orphans() -> int:
    """Stored files without a row go after a day (DI-12)."""
    return files.drop_orphans(before=timezone.now() - timedelta(days=1))


@shared_task(name="feedback.remind_of_boxes")
def remind_of_boxes() -> int:
    return services_boxes.remind(timezone.now())


@shared_task(name="feedback.run_imports")
def run_imports() -> int:
    return services_import.run_due(timezone.now())


@shared_task(name="feedback.forget_chats")
def forget_chats() -> int:
    """Conversations that became no case go after thirty days."""
    return services_chat.forget(timezone.now())


@shared_task(name="feedback.forget_unused_intake")
def forget_unused_intake() -> dict[str, int]:
    """What became no case is emptied when it has lain long enough."""
    return services_forget.forget(timezone.now())


@shared_task(name="feedback.fetch_mail")
def fetch_mail() -> int:
    """Start the reading of each mailbox; one that hangs does not hold up the others. Returns how many."""
    boxes = list(Mailbox.objects.filter(is_active=True).exclude(host="").values_list("pk", flat=True))
    for pk in boxes:
        fetch_mailbox.apply_async([pk], expires=60)
    return len(boxes)


@shared_task(name="feedback.find_problems")
def find_problems() -> int:
    """New tickets that speak of the same trouble are proposed as common problems."""
    return services_problems.find(timezone.now())


@shared_task(name="feedback.fetch_mailbox", soft_time_limit=900, time_limit=960)
def fetch_mailbox(pk: int) -> int:
    rows = services_fetch.fetch(Mailbox.objects.get(pk=pk), at=timezone.now())
    for row in rows:
        read_mail.delay(row)
    return len(rows)


@shared_task(name="feedback.read_mails")
def read_mails() -> int:
    """Hand out what waits to be read; what a dead worker left is handed out again."""
    now = timezone.now()
    waiting = RawMessage.objects.filter(channel=Channel.EMAIL, state=RawMessage.State.RECEIVED)
    due = waiting.filter(Q(tried_at=None) | Q(tried_at__lt=now - TRY_AGAIN)).order_by("received_at", "pk")
    rows = list(due.values_list("pk", flat=True)[:AT_ONCE])
    RawMessage.objects.filter(pk__in=rows).update(tried_at=now)
    for row in rows:
        read_mail.delay(row)
    return len(rows)


@shared_task(name="feedback.read_mail", soft_time_limit=60, time_limit=90)
def read_mail(pk: int) -> str:
    """One mail, within a minute; one that takes longer is put aside and said."""
    return services_mail.process(pk, at=timezone.now()).kind


@shared_task(name="feedback.learn")
def learn() -> int:
    """Every night the classifier is fitted to what people corrected; the number of models that were compared."""
    told = services_training.retrain(at=timezone.now())
    return sum(one is not None for one in told.values())


@shared_task(name="feedback.wechat")
def wechat() -> int:
    """Answers out, files in."""
    at = timezone.now()
    return services_wechat.deliver_due(at) + services_wechat.fetch_due(at)
