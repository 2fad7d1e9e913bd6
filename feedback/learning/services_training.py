"""The classifier learns from what people made of its proposals: fitted, compared on unseen cases, used when not worse."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery

from accounts.models import User
from common.text import one_line
from feedback.classify import Models
from feedback.learning.models import LeftOut, ModelVersion
from feedback.text import adapting, features
from feedback.text.adapting import Comparison, Example, TooFew
from feedback.text.language_model import LinearModel
from tickets.models import Ticket, TicketEvent

NAMES = {"nature_zh": "letter", "nature_zh_body": "body", "nature_en": "latin", "category_zh": "category"}
"""The models that are fitted, and what `Models` calls them."""
LATEST = 3_000
KEPT = 10


def models_now() -> Models:
    """The shipped models, with those in their place that were fitted here and are in use."""
    fitted = {
        NAMES[name]: adapting.from_bytes(weights)
        for name, weights in ModelVersion.objects.filter(in_use=True, name__in=NAMES).values_list("name", "weights")
    }
    return replace(Models.shipped(), **fitted)


def examples(at: datetime) -> dict[str, list[Example]]:
    """What people looked at, the latest first, by the model that would be asked. The truth is what they made of it.

    Cases that a person looked at alone count: what nobody looked at says nothing about who was right. Not those that a colleague
    who is left out looked at last.
    """
    looks = TicketEvent.objects.filter(kind="classify", at__lte=at).exclude(actor=None)
    last = looks.filter(ticket=OuterRef("pk")).order_by("-at", "-pk")
    rows = Ticket.objects.filter(pk__in=looks.values("ticket")).exclude(verdict={})
    rows = rows.annotate(looked_at=Subquery(last.values("at")[:1]), looked_by=Subquery(last.values("actor")[:1]))
    rows = rows.exclude(looked_by__in=LeftOut.objects.values("user")).order_by("-pk")[:LATEST]
    made = dict(ModelVersion.objects.filter(in_use=True).values_list("name", "made_at"))
    found: dict[str, list[Example]] = {name: [] for name in NAMES}

    def add(name: str, subject: str, text: str, label: str, looked_at: datetime) -> None:
        found[name].append(Example(subject, text, label, name not in made or looked_at > made[name]))

    columns = ("subject", "content", "nature", "category__code", "looked_at")
    for subject, text, nature, category, looked_at in rows.values_list(*columns):
        said = "" if one_line(text).startswith(one_line(subject).rstrip("…. ")[:20]) else subject  # made of the text
        language = features.language(f"{subject} {text}")
        if language == "other":
            continue
        if language == "en":
            add("nature_en", "", f"{said} {text}".strip(), nature, looked_at)
            continue
        add("nature_zh" if said else "nature_zh_body", said, text, nature, looked_at)
        if category:
            add("category_zh", "", f"{said} {text}".strip(), category, looked_at)
    return found


def retrain(*, at: datetime, only: Iterable[str] = ()) -> dict[str, Comparison | None]:
    """Fit each model from the shipped one, compare it with the one in use, use it when it is not worse.

    None where there was too little to learn from. Some seconds a thousand examples; nothing is locked meanwhile.
    """
    shipped, now = Models.shipped(), models_now()
    told: dict[str, Comparison | None] = {}
    for name, some in examples(at).items():
        if only and name not in only:
            continue
        base: LinearModel | None = getattr(shipped, NAMES[name])
        try:
            told[name] = None if base is None else _retrained(name, base, getattr(now, NAMES[name]), some, at)
        except TooFew:
            told[name] = None
    return told


def _retrained(name: str, base: LinearModel, used: LinearModel, some: list[Example], at: datetime) -> Comparison:
    fitted, comparison = adapting.adapt(base, some, used=used)
    with transaction.atomic():
        rows = ModelVersion.objects.select_for_update().filter(name=name)
        version = (rows.aggregate(last=Max("version"))["last"] or 0) + 1
        header = {"name": name, "version": version, "date": f"{at:%Y-%m-%d}"}
        if comparison.is_not_worse:
            rows.filter(in_use=True).update(in_use=False)
        ModelVersion.objects.create(
            name=name,
            version=version,
            made_at=at,
            examples=comparison.examples,
            before=comparison.before,
            after=comparison.after,
            agreed_before=comparison.agreed_before,
            agreed_after=comparison.agreed_after,
            weights=adapting.as_bytes(fitted, header=header),
            in_use=comparison.is_not_worse,
            decided_at=at,
        )
        old = list(rows.filter(in_use=False).order_by("-version").values_list("pk", flat=True)[KEPT:])
        ModelVersion.objects.filter(pk__in=old).delete()
    return comparison


@transaction.atomic
def use(row: ModelVersion, *, by: User, at: datetime) -> ModelVersion:
    """A person decides for a version, whatever the comparison said."""
    rows = ModelVersion.objects.select_for_update().filter(name=row.name)
    list(rows)
    rows.filter(in_use=True).update(in_use=False)
    rows.filter(pk=row.pk).update(in_use=True, decided_by=by, decided_at=at)
    row.refresh_from_db()
    return row


@transaction.atomic
def use_shipped(name: str, *, by: User, at: datetime) -> None:
    """Back to what the product came with."""
    rows = ModelVersion.objects.select_for_update().filter(name=name, in_use=True)
    rows.update(in_use=False, decided_by=by, decided_at=at)
