"""Bringing a spreadsheet in: read, name the columns, check, take in row by row, take back (B2.1)."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from common.text import fold
from feedback.channels import inbound
from feedback.imports import sheets
from feedback.models import ImportBatch, ImportRow
from feedback.sources import foreign
from notices import services as notices
from tickets import services as tickets
from tickets.archive import stay_erased
from tickets.models import Ticket, TicketEvent
from tickets.workflow import Status, VoidReason

CHUNK = 50
MOST_A_RUN = 1000
State = ImportRow.State
HEADINGS = {
    "content": "内容 评价内容 评论 评论内容 反馈内容 意见 意见内容 content text review comment",
    "subject": "标题 主题 subject title",
    "rating": "星级 评分 评价星级 评星 打分 分数 stars rating score",
    "nature": "性质 类型 nature type",
    "category": "类别 分类 category",
    "said_at": "时间 评价时间 评论时间 日期 提交时间 date time at",
    "name": "姓名 用户 用户名 昵称 用户昵称 评价人 评论人 作者 客户 客户姓名 买家 买家昵称 name nick user customer author",
    "phone": "电话 手机 手机号 手机号码 联系电话 联系方式 phone mobile tel",
    "email": "邮箱 电子邮箱 邮件 email e-mail mail",
    "customer_id": "客户编号 会员号 用户编号 customer_id",
    "customer_class": "客户类别 会员等级 customer_class",
    "region": "地区 省份 城市 所在地 region city province",
    "place": "地点 门店 店铺 place shop store",
    "occurred_at": "发生时间 occurred_at",
    "remedy_sought": "诉求 期望处理 希望 remedy_sought",
    "external_id": "编号 评价编号 评论编号 订单号 单号 序号 id no number order reference",
    "url": "链接 网址 评价链接 url link",
}
"""Headings that people use, by our field: proposed, never taken without being looked at."""


class CannotUndo(Exception):
    """The message says why."""


@transaction.atomic
def read(*, content: bytes, name: str, source: str, channel: str, by: User, at: datetime) -> ImportBatch:
    """Keep the rows of a file, with a proposal for its columns. Raises SheetRefused."""
    sheet = sheets.read(content)
    batch = ImportBatch.objects.create(
        name=name[:200],
        source=source,
        channel=channel,
        columns=sheet.columns,
        mapping=proposed(sheet.columns),
        by=by,
        created_at=at,
    )
    rows = (ImportRow(batch=batch, line=line, cells=cells) for line, cells in sheet.rows)
    ImportRow.objects.bulk_create(rows, batch_size=2000)
    return batch


def proposed(columns: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, words in HEADINGS.items():
        known = {fold(word) for word in words.split()} | {fold(str(foreign.FIELDS[name]))}
        for position, heading in enumerate(columns):
            if fold(heading).replace(" ", "_") in known | {name} and position not in found.values():
                found[name] = position
                break
    return found


def values_of(row: ImportRow, mapping: Mapping[str, int]) -> dict[str, Any]:
    return {name: row.cells[column] for name, column in mapping.items() if column < len(row.cells)}


@transaction.atomic
def check(batch: ImportBatch, mapping: dict[str, int], *, at: datetime) -> Counter[str]:
    """Look at every row, store nothing of it as a ticket. How many there are of each state."""
    seen = set(Ticket.objects.filter(source=batch.source).exclude(external_id="").values_list("external_id", flat=True))
    told: Counter[str] = Counter()
    changed = []
    for row in batch.rows.iterator(chunk_size=2000):
        values = values_of(row, mapping)
        record = foreign.read(values, at=at)
        row.reference = record.content["external_id"] or made_up(values)
        row.state = State.BAD if record.problems else State.READY
        changed.append(row)
    seen |= stay_erased.among(batch.source, (row.reference for row in changed))
    for row in changed:
        if row.state == State.READY and row.reference in seen:
            row.state = State.DUPLICATE
        elif row.state == State.READY:
            seen.add(row.reference)
        told[row.state] += 1
    ImportRow.objects.bulk_update(changed, ["reference", "state"], batch_size=2000)
    batch.mapping, batch.state = mapping, ImportBatch.State.CHECKED
    batch.save(update_fields=["mapping", "state"])
    return told


def made_up(values: Mapping[str, Any]) -> str:
    """A reference for a row that has none: the same row in two files is known again."""
    plain = json.dumps(
        {name: values.get(name) for name in ("content", "name", "phone", "said_at")}, sort_keys=True, default=str
    )
    return "row-" + hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()[:24]


def start(batch: ImportBatch) -> None:
    batch.state = ImportBatch.State.RUNNING
    batch.save(update_fields=["state"])


def run_due(at: datetime) -> int:
    """Take in what waits of the batches that run, take back what is to be; safe with many workers, and to be called again.
    How many rows.
    """
    done = 0
    while done < MOST_A_RUN and (count := _chunk(at) or _chunk_back(at)):
        done += count
    return done


@transaction.atomic
def _chunk(at: datetime) -> int:
    batch = (
        ImportBatch.objects.select_for_update(skip_locked=True)
        .filter(state=ImportBatch.State.RUNNING)
        .order_by("pk")
        .first()
    )
    if batch is None:
        return 0
    rows = list(batch.rows.filter(state=State.READY)[:CHUNK])
    erased = stay_erased.among(batch.source, (row.reference for row in rows))  # since they were looked at
    for row in rows:
        if row.reference in erased:
            row.state = State.DUPLICATE
            row.save(update_fields=["state"])
        else:
            _take_in(batch, row, at)
    if len(rows) < CHUNK:
        batch.state, batch.finished_at = ImportBatch.State.DONE, at
        batch.save(update_fields=["state", "finished_at"])
    return len(rows)


def _take_in(batch: ImportBatch, row: ImportRow, at: datetime) -> None:
    record = foreign.read(values_of(row, batch.mapping), at=at)
    record.content["external_id"] = row.reference
    raw = json.dumps(dict(zip(batch.columns, row.cells, strict=False)), ensure_ascii=False).encode("utf-8", "replace")
    receipt = inbound.hand_in_alone(
        record, channel=batch.channel, source=batch.source, raw=raw, at=at, key=f"import {batch.pk}:{row.line}"
    )
    row.state = State.DONE if receipt else State.DUPLICATE
    if receipt:
        row.ticket, row.cells = receipt.ticket, []
    row.save(update_fields=["state", "ticket", "cells"])


def untouched(batch: ImportBatch, *, by: User, at: datetime) -> QuerySet[Ticket]:
    """Tickets of a batch that no person and no customer has dealt with. Whose limit has passed only the office makes void:
    what was late is not taken back by who let it be late."""
    ids = batch.rows.filter(state=State.DONE).values("ticket")
    dealt_with = Q(by_customer=True) | (Q(actor__isnull=False) & ~Q(kind="register"))
    if not (by_office := by.has_role(Role.OFFICE)):
        dealt_with |= Q(kind="breach")
    touched = TicketEvent.objects.filter(dealt_with, ticket=OuterRef("pk"))
    rows = Ticket.objects.filter(~Exists(touched), pk__in=ids)
    if not by_office:
        rows = rows.exclude(next_due_at__lt=at)  # late, and not swept yet
    return rows.exclude(status__in=[Status.VOID, Status.CLOSED]).order_by("pk")


@transaction.atomic
def undo(batch: ImportBatch, *, by: User, at: datetime) -> int:
    """Void what nobody has worked on, and tell no customer: the first rows at once, the others by `run_due`. How many now.

    Raises CannotUndo.
    """
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state not in {ImportBatch.State.DONE, ImportBatch.State.RUNNING}:
        raise CannotUndo(_("There is nothing to take back."))
    batch.state, batch.undone_by = ImportBatch.State.UNDOING, by
    batch.save(update_fields=["state", "undone_by"])
    return _take_back(batch, at)


@transaction.atomic
def _chunk_back(at: datetime) -> int:
    waiting = ImportBatch.objects.select_for_update(skip_locked=True, of=("self",)).select_related("undone_by")
    batch = waiting.filter(state=ImportBatch.State.UNDOING).order_by("pk").first()
    return _take_back(batch, at) if batch else 0


def _take_back(batch: ImportBatch, at: datetime) -> int:
    assert batch.undone_by is not None
    found = list(untouched(batch, by=batch.undone_by, at=at)[:CHUNK])
    for ticket in found:
        said = _("Import “%(name)s” taken back") % {"name": batch.name}
        tickets.void(ticket, reason=VoidReason.OUT_OF_SCOPE, by=batch.undone_by, at=at, text=said)
        notices.cancel(ticket.number or "", "void")
    batch.rows.filter(ticket__in=found).update(state=State.UNDONE)
    Ticket.objects.filter(pk__in=[one.pk for one in found]).update(external_id="")  # the same file may come in again
    if len(found) < CHUNK:
        batch.state = ImportBatch.State.UNDONE
        batch.save(update_fields=["state"])
    return len(found)
