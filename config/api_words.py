"""What the calls of the API are called, in the reader's language, and what holds for all of them: for the schema and its page."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.workflow import MOVES

NAMES: dict[str, Any] = {
    "archive_list": gettext_lazy("Search the archive"),
    "attachments_cancel": gettext_lazy("Drop a file that is not sent yet"),
    "attachments_create": gettext_lazy("Upload a file, or begin one in pieces"),
    "attachments_piece": gettext_lazy("Send the next piece of a file"),
    "attachments_progress": gettext_lazy("How far a file in pieces is"),
    "categories_list": gettext_lazy("Categories"),
    "channels_list": gettext_lazy("Channels"),
    "chat": gettext_lazy("Ask the answering machine"),
    "departments_list": gettext_lazy("Departments"),
    "feedback_appeal": gettext_lazy("Complain about the handling"),
    "feedback_create": gettext_lazy("Hand in feedback"),
    "feedback_file": gettext_lazy("A file of a case"),
    "feedback_follow": gettext_lazy("Follow a case by its tracking code"),
    "feedback_message": gettext_lazy("Say more about a case"),
    "feedback_rating": gettext_lazy("Rate the result"),
    "feedback_withdraw": gettext_lazy("Withdraw feedback"),
    "knowledge_articles": gettext_lazy("Public questions and answers"),
    "knowledge_list": gettext_lazy("Known problems"),
    "kpis_retrieve": gettext_lazy("Figures of a period"),
    "reports_file": gettext_lazy("A report as a file"),
    "reports_list": gettext_lazy("Reports"),
    "reports_retrieve": gettext_lazy("A report with its figures"),
    "tickets_attachments_list": gettext_lazy("Files of a ticket"),
    "tickets_clocks_list": gettext_lazy("Clocks of a ticket"),
    "tickets_events_list": gettext_lazy("History of a ticket"),
    "tickets_hold": gettext_lazy("Put a case on hold"),
    "tickets_lift_hold": gettext_lazy("Lift the hold of a case"),
    "tickets_list": gettext_lazy("Tickets"),
    "tickets_messages_list": gettext_lazy("What was said about a ticket"),
    "tickets_retrieve": gettext_lazy("A ticket"),
    "webhooks_create": gettext_lazy("Make a webhook"),
    "webhooks_deliveries": gettext_lazy("What a webhook was told"),
    "webhooks_destroy": gettext_lazy("Delete a webhook"),
    "webhooks_list": gettext_lazy("Webhooks"),
    "webhooks_partial_update": gettext_lazy("Change something of a webhook"),
    "webhooks_ping": gettext_lazy("Try a webhook"),
    "webhooks_replay": gettext_lazy("Send an event again"),
    "webhooks_retrieve": gettext_lazy("A webhook"),
    "webhooks_secret": gettext_lazy("Renew the secret of a webhook"),
    "webhooks_update": gettext_lazy("Change a webhook"),
} | {f"tickets_{verb}": move.label for verb, move in MOVES.items()}


def introduction() -> str:
    """Above the calls; Markdown."""
    return "\n".join(
        f"- {line}"
        for line in (
            _("**Who calls.** Handing in and following need no token. All else takes `Authorization: Bearer …` with a token "
              "that an administrator makes (`manage.py create_token NAME --scopes submit,read,manage,reports`)."),
            _("**Begin here.** `POST /feedback/` answers with a `tracking_code`, this once; with it `GET /feedback/{code}/` "
              "follows the case, `messages/`, `rating/`, `appeal/` and `withdraw/` go on with it. Files go to `POST "
              "/attachments/` first; their `id` stands in `attachments` of what is sent next."),
            _("**Errors** are `application/problem+json` (RFC 9457): `title`, `detail`, `status`, `request_id`, and in "
              "`errors` the fields by name, each with its reasons, in the language of `Accept-Language`."),
            _("**The same call twice.** Send an `Idempotency-Key` of your own with each POST: the same key and call get the "
              "same answer, marked `Idempotent-Replayed: true`; the same key with another call is 422."),
            _("**Versions.** A move of a ticket may carry the `version` it was decided on; when somebody was quicker, the "
              "answer is 409 with what is new."),
            _("**Names.** A body takes the fields that stand here and refuses any other by name. In a query an empty value "
              "asks for nothing, and an unknown name too."),
            _("**Lists** are `{next, previous, results}`; follow `next` until it is null. What comes in meanwhile moves no "
              "row from one page to another."),
            _("**Times** are ISO 8601 with an offset."),
            _("**Too many calls** are answered with 429, and `Retry-After` tells when to come back."),
            _("**Being told.** A webhook is called with JSON `{type, timestamp, data}`, signed after Standard Webhooks "
              "(https://www.standardwebhooks.com): `webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over "
              "`{webhook-id}.{webhook-timestamp}.{body}`, its key the base64 after `whsec_` of the secret. Answer 2xx within "
              "ten seconds; anything else is tried again for three and a half days, 410 ends it. The same `webhook-id` can "
              "come twice."),
        )
    )  # fmt: skip


def who_may(scopes: set[str], *, open_to_all: bool) -> str:
    named = " / ".join(f"`{scope}`" for scope in sorted(scopes))
    if open_to_all:
        return (
            _("Open to everybody. A token that is sent along needs the scope %(scopes)s.") % {"scopes": named}
            if named
            else _("Open to everybody.")
        )
    return _("Needs a token with the scope %(scopes)s, or a colleague who is signed in.") % {"scopes": named}


def how_often(rate: tuple[int, int] | None) -> str:
    """`rate`: calls, and in how many seconds, from one address."""
    if rate is None:
        return _("A token may call as often a minute as it was given.")
    calls, seconds = rate
    return _("From one address at most %(calls)s calls in %(seconds)s seconds; a token has its own rate.") % {
        "calls": calls,
        "seconds": seconds,
    }
