"""One installation in a process of its own: for each line it is given it does one round of its background work.

`python -m tests.faults.house`, with the settings of that house in the environment. `turn` sends what is due, reads the
mailboxes and acts on what came; `reply NUMBER` lets its agent answer a case. It answers with one JSON line.
"""

import json
import os
import sys

import django


def turn(at):
    from feedback.mail import services as services_mail
    from feedback.mail import services_fetch
    from feedback.models import Mailbox
    from notices import services as notices

    outcomes = []
    for box in Mailbox.objects.filter(is_active=True):
        rows = services_fetch.fetch(box, at=at)
        outcomes += [services_mail.process(pk, at=at) for pk in rows]
    told = [[outcome.kind, outcome.reason] for outcome in outcomes]
    errors = [box.error for box in Mailbox.objects.exclude(error="")]
    return {"came": told, "sent": notices.deliver_due(at), "errors": errors}


def reply(number, at):
    from accounts.models import User
    from tickets import services as tickets
    from tickets.models import Ticket

    ticket = Ticket.objects.get(number=number)
    tickets.reply(ticket, text="师傅明天上午十点上门，请在家等候。", by=User.objects.get(username="lin"), at=at)
    return {}


def state():
    from feedback.models import RawMessage
    from notices.models import Notice
    from tickets.models import Ticket

    return {
        "tickets": list(Ticket.objects.order_by("pk").values_list("number", "status")),
        "waiting": Notice.objects.filter(state="waiting", channel="email").count(),
        "failed": list(RawMessage.objects.filter(state="failed").values_list("reason", "error")),
    }


def furnish():
    """What the administrator of a new installation would enter by hand."""
    from django.core.management import call_command

    from accounts.models import Department, User
    from feedback.mail import secrets as mail_secrets
    from feedback.models import Mailbox

    call_command("migrate", verbosity=0)
    call_command("setup", verbosity=0)
    home = Department.objects.order_by("pk").first()
    User.objects.create(username="lin", name="林知夏", roles=["agent"], department=home, password="!")
    Mailbox.objects.create(
        code="support", name="客服", address=os.environ["DEFAULT_FROM_EMAIL"], host="127.0.0.1",
        port=int(os.environ["HOUSE_IMAP_PORT"]), security="none", username=os.environ["DEFAULT_FROM_EMAIL"],
        sealed_password=mail_secrets.sealed(os.environ["HOUSE_IMAP_PASSWORD"]),
    )  # fmt: skip
    return {}


def main():
    django.setup()
    from django.utils import timezone

    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word == "furnish":
            told = furnish()
        elif word == "turn":
            told = turn(timezone.now())
        elif word == "reply":
            told = reply(rest, timezone.now())
        else:
            told = state()
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
