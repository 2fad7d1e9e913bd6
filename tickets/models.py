"""The case: the voice as it came, its state, its people, and its one history."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, NamedInTwoLanguages, Region
from common.prepared import Statement
from common.reading import QuicklyRead
from knowledge.models import Problem
from tickets.answers.models import CannedReply
from tickets.archive.models import (
    ArchiveClass,
    ArchiveCounter,
    ArchiveRecord,
    ErasedReference,
    ErasureItem,
    ErasureList,
    ErasureProof,
    LegalHold,
)
from tickets.attachments.kinds import COPIED, FILMS, SHOWN_INLINE, SOUNDS
from tickets.channels import WAYS, Channel, way_out
from tickets.dispatch.models import RoutingRule, Undealt
from tickets.groups.models import Improvement, SpecialGroup
from tickets.handling.models import Cause, Handling, Review, ReviewRule
from tickets.joining.models import Link
from tickets.parts.models import Assignment, Transfer
from tickets.problems.models import Draft
from tickets.querysets import EventQuerySet, TicketQuerySet
from tickets.search.models import SearchDocument
from tickets.workflow import PUBLIC, UNANSWERED, Level, Nature, PublicStatus, Rating, Status, Tier, VoidReason

__all__ = [
    "ArchiveClass", "ArchiveCounter", "ArchiveRecord", "Assignment", "Attachment", "CannedReply", "Category", "Cause", "Customer",
    "DayCounter", "Draft", "ErasedReference", "ErasureItem", "ErasureList", "ErasureProof", "Handling", "Improvement", "LegalHold",
    "Link", "Message", "Review", "ReviewRule", "RoutingRule", "SearchDocument", "SpecialGroup", "Ticket", "TicketEvent", "Transfer",
    "Undealt",
]  # fmt: skip

# What figures read of a case; kept in the indexes, so that counting a month never opens the wide rows themselves.
COUNTED = (
    "status", "merged_into", "nature", "is_bad_review", "channel", "category", "region", "department", "tier", "owner",
    "first_contact", "customer", "problem",
)  # fmt: skip


OPEN = Q(status__in=sorted(UNANSWERED))


class Category(NamedInTwoLanguages):
    """B2.2 C4.1: the uniform categories. B3.1: the category decides the responsible department."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    department = models.ForeignKey(
        Department,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible department"),
    )
    position = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")


class Customer(QuicklyRead):
    """A person who gave feedback and left a name or an address. Anonymous feedback has none (A2.2)."""

    name = models.CharField(_("name"), max_length=100, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    external_id = models.CharField(max_length=100, blank=True, help_text="Of the company's own system.")
    customer_class = models.CharField(_("customer class"), max_length=40, blank=True)
    region = models.ForeignKey(Region, models.SET_NULL, null=True, blank=True, verbose_name=_("region"), db_index=False)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    consent_at = models.DateTimeField(null=True, blank=True)
    consent_version = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = [
            models.Index(fields=["phone"], condition=~Q(phone=""), name="customer_phone"),
            models.Index(fields=["email"], condition=~Q(email=""), name="customer_email"),
            models.Index(fields=["region"], condition=~Q(region=None), name="customer_region"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"],
                condition=~Q(external_id=""),
                name="one_external_customer",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.phone or self.email


class DayCounter(models.Model):
    """The last number given on a day. Updated last in a transaction, so that its lock is short and no gap is left."""

    day = models.DateField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Ticket(QuicklyRead):
    """A case, from registration to archive. `number` is null only inside the transaction that opens it."""

    unsaved: set[str] | None = None
    """While a move has the case in hand: the fields that it writes at its end, listeners' own among them."""
    sent_along: list[Statement] | None = None
    """While it is being opened: what its listeners store, sent in one trip with its own rows. Their keys they do not learn."""

    class Scope(models.TextChoices):
        INDIVIDUAL = "individual", _("Individual")
        COMMON = "common", _("Common")

    number = models.CharField(_("number"), max_length=30, unique=True, null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.NEW)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, default=Level.OWNER)

    # what was said
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    subject = models.CharField(_("subject"), max_length=200)
    content = models.TextField(_("content"))
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="tickets", db_index=False
    )
    anonymous = models.BooleanField(_("anonymous"), default=False)
    place = models.CharField(_("place"), max_length=200, blank=True)
    occurred_at = models.DateTimeField(_("happened at"), null=True, blank=True)
    remedy_sought = models.CharField(_("remedy sought"), max_length=500, blank=True)
    stars = models.PositiveSmallIntegerField(_("stars given with it"), null=True, blank=True)
    region = models.ForeignKey(Region, models.SET_NULL, null=True, blank=True, verbose_name=_("region"), db_index=False)
    region_text = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=100, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    source_url = models.CharField(max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")

    # what it is
    nature = models.CharField(_("nature"), max_length=12, choices=Nature)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, verbose_name=_("category"))
    tier = models.CharField(_("tier"), max_length=2, choices=Tier)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope, default=Scope.INDIVIDUAL)
    problem = models.ForeignKey(Problem, models.SET_NULL, null=True, blank=True, related_name="tickets", db_index=False)
    is_bad_review = models.BooleanField(_("bad review"), default=False)
    verdict = models.JSONField(_("classifier's verdict"), default=dict, blank=True)
    needs_review = models.BooleanField(_("needs manual review"), default=False)

    # who answers for it
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead department"),
    )
    departments = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)  # lead and co
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    first_contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("first contact"),
    )  # fmt: skip

    # when
    received_at = models.DateTimeField(_("received at"))
    claimed_at = models.DateTimeField(_("claimed time"), null=True, blank=True)
    registered_at = models.DateTimeField(_("registered at"))
    first_response_at = models.DateTimeField(_("first response at"), null=True, blank=True)
    first_resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("archived at"), null=True, blank=True)
    next_due_at = models.DateTimeField(_("next due"), null=True, blank=True)  # kept by sla
    soon_at = models.DateTimeField(null=True, blank=True)  # from here on the next due time counts as near; kept by sla
    expected_by = models.DateTimeField(_("expected by"), null=True, blank=True)  # kept by sla

    # how it ended
    rating = models.CharField(_("rating"), max_length=12, choices=Rating, blank=True)  # of the current round
    void_reason = models.CharField(_("reason"), max_length=20, choices=VoidReason, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts", db_index=False)

    tracking_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="one_ticket_per_source_reference",
            ),
            models.UniqueConstraint(
                fields=["tracking_digest"],
                condition=~Q(tracking_digest=""),
                name="one_ticket_per_tracking_code",
            ),
            models.CheckConstraint(condition=Q(round__gte=1), name="rounds_start_at_one"),
            models.CheckConstraint(
                condition=Q(anonymous=False) | Q(customer=None),
                name="anonymous_feedback_has_no_customer",
            ),
        ]
        indexes = [
            models.Index(F("next_due_at").asc(), F("id").asc(), condition=OPEN, name="ticket_due"),
            *(
                models.Index(fields=[what, "next_due_at"], condition=OPEN, name=f"ticket_open_{what}")
                for what in ("department", "owner", "first_contact", "status")
            ),
            models.Index(fields=["customer", "-received_at"], name="ticket_customer"),
            models.Index(fields=["received_at", "id"], include=COUNTED, name="ticket_received"),
            models.Index(fields=["id"], include=COUNTED, name="ticket_counted"),
            models.Index(
                fields=["first_resolved_at"],
                include=["received_at", "resolved_at", *COUNTED],
                name="ticket_first_resolved",
            ),
            models.Index(
                fields=["first_response_at"],
                include=["received_at", *COUNTED],
                condition=~Q(first_response_at=None),
                name="ticket_first_response",
            ),
            models.Index(
                fields=["customer", "category", "first_resolved_at"],
                condition=Q(nature="complaint", merged_into=None) & ~Q(status="void"),
                name="ticket_complained",
            ),
            models.Index(fields=["resolved_at", "first_resolved_at"], name="ticket_resolved"),
            models.Index(fields=["received_at"], condition=Q(resolved_at=None), name="ticket_unresolved"),
            models.Index(fields=["received_at"], condition=Q(first_response_at=None), name="ticket_unanswered"),
            models.Index(fields=["problem", "received_at"], condition=~Q(problem=None), name="ticket_problem"),
            models.Index(fields=["id"], condition=Q(needs_review=True), name="ticket_review"),
            models.Index(fields=["id"], condition=Q(level=3), name="ticket_at_leadership"),
            models.Index(fields=["region"], opclasses=["varchar_pattern_ops"], name="ticket_region"),
            models.Index(fields=["merged_into"], condition=~Q(merged_into=None), name="ticket_merged"),
            models.Index(fields=["parent"], condition=~Q(parent=None), name="ticket_parent"),
            GinIndex(fields=["departments"], name="ticket_departments"),
            # what few cases have, so that a list of them is not looked for among all
            GinIndex(fields=["departments"], condition=OPEN, name="ticket_open_departments"),
            models.Index(fields=["round", "received_at"], condition=Q(round__gt=1), name="ticket_rounds"),
            models.Index(
                fields=["rating", "received_at"],
                condition=Q(rating__in=["dissatisfied", "neutral"]),
                name="ticket_rated_low",
            ),
        ]

    def __str__(self) -> str:
        return self.number or "-"

    def get_absolute_url(self) -> str:
        return reverse("tickets:ticket", args=[self.number])

    @property
    def public_status(self) -> PublicStatus:
        return PUBLIC[Status(self.status)]

    @property
    def state_label(self) -> str:
        return str(_("Merged") if self.merged_into_id else self.get_status_display())

    @property
    def is_open(self) -> bool:
        return self.status in UNANSWERED

    @property
    def is_paused(self) -> bool:
        """The customer is asked for something, and no limit runs meanwhile."""
        return self.status == Status.WAITING and self.next_due_at is None

    @property
    def can_rate(self) -> bool:
        """The customer may rate once a round, while it is resolved."""
        return self.status == Status.RESOLVED and not self.rating


class TicketEvent(QuicklyRead):
    """The only history. Append-only by trigger. `data` holds codes and plain values, never translated labels.

    `kind` is a verb of `workflow.MOVES`, or `breach` when a limit was missed.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="events", db_index=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=30)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    by_customer = models.BooleanField(default=False)
    round = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(help_text=_("The ticket's version after this event."))
    status = models.CharField(max_length=12, choices=Status, help_text=_("The ticket's status after this event."))
    data = models.JSONField(default=dict)

    said = ""  # the words that come with it, for receivers; not a column: they are kept as a Message
    then: "Ticket | None" = None  # the case as this move left it, where another one follows in the same transaction
    opened: "Ticket | None" = None  # the case that a split opened

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["ticket", "at", "id"], name="event_of_ticket"),
            models.Index(fields=["kind", "at"], name="event_kind"),
            models.Index(fields=["actor"], condition=~Q(actor=None), name="event_of_actor"),
        ]


class Message(models.Model):
    """Something said on a ticket: by the customer, to the customer, or among colleagues (internal)."""

    class Direction(models.TextChoices):
        IN = "in", _("From the customer")
        OUT = "out", _("To the customer")
        INTERNAL = "internal", _("Internal note")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="messages", db_index=False)
    event = models.OneToOneField(TicketEvent, models.PROTECT, null=True, related_name="message")
    at = models.DateTimeField()
    direction = models.CharField(max_length=8, choices=Direction)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    via = models.CharField(max_length=10, choices=WAYS, help_text=_("web, email, phone, letter …"))
    text = models.TextField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["ticket", "at", "id"], name="message_of_ticket")]

    @property
    def way(self) -> str:
        """By what it was said, in words."""
        return way_out(self.via) if self.direction == self.Direction.OUT else str(self.get_via_display())


class Attachment(models.Model):
    """A file of a ticket, uploaded first and linked later, so `ticket` may be empty for a day (C2.1): with the customer's
    first words, with a `message`, or beside the move of `event`. `key` names it outside; images have no EXIF.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, null=True, blank=True, related_name="attachments", db_index=False
    )
    message = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="attachments")
    event = models.ForeignKey(TicketEvent, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    internal = models.BooleanField(default=False)
    file = models.FileField(upload_to="attachments/%Y/%m/", max_length=200)
    thumb = models.FileField(upload_to="attachments/%Y/%m/", max_length=200, blank=True)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, db_index=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["uploaded_at", "pk"]
        indexes = [models.Index(fields=["ticket", "id"], name="attachment_of_ticket")]

    def get_absolute_url(self) -> str:
        return reverse("tickets:attachment", args=[self.key])

    @property
    def shown_as(self) -> str:
        """`picture`, `sound` or `film` where a browser can show it on the page, else empty."""
        kinds = {"picture": SHOWN_INLINE, "sound": SOUNDS | (COPIED if self.thumb else set()), "film": FILMS}
        return next((kind for kind, types in kinds.items() if self.media_type in types), "")
