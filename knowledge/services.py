"""Answers are written, changed, shown and withdrawn here; each of it keeps a version with who and when (C3.1)."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from knowledge.access import WRITES, may_change, may_publish
from knowledge.models import WORDS, Article, ArticleVersion, Problem


class ChangedMeanwhile(Exception):
    """Somebody else kept a version after the one that the caller saw."""

    def __init__(self, newer: ArticleVersion) -> None:
        who = newer.by.name if newer.by else "—"
        super().__init__(_("%(who)s changed this meanwhile.") % {"who": who})
        self.newer = newer


def write(*, words: Mapping[str, str], problem: Problem | None = None, by: User, at: datetime) -> Article:
    """A new one. It is a draft until somebody who publishes shows it."""
    if not by.has_role(*WRITES):
        raise PermissionDenied
    with transaction.atomic():
        article = Article(problem=problem, is_offered=False)
        _put(article, words)
        _keep(article, by=by, at=at)
    return article


def change(
    article: Article, *, words: Mapping[str, str], problem: Problem | None, since: int, by: User, at: datetime
) -> Article:
    """Its words; `since` is the number of the version that the caller saw. Raises ChangedMeanwhile."""
    with transaction.atomic():
        fresh = _locked(article, since)
        if not may_change(by, fresh):
            raise PermissionDenied
        same = all(getattr(fresh, name) == words.get(name, "") for name in WORDS)
        if same and fresh.problem == problem:
            return fresh
        _keep_what_was(fresh)
        fresh.problem = problem
        _put(fresh, words)
        if not same:
            _keep(fresh, by=by, at=at)
    return fresh


def show(article: Article, *, readers: str, since: int, by: User, at: datetime) -> Article:
    """Publish, keep to colleagues, or make it a draft again that nobody is offered. Raises ChangedMeanwhile."""
    wanted = Article.Readers(readers)
    with transaction.atomic():
        fresh = _locked(article, since)
        if not may_publish(by):
            raise PermissionDenied
        if fresh.readers == wanted:
            return fresh
        _keep_what_was(fresh)
        fresh.is_public, fresh.is_offered = wanted == wanted.PUBLIC, wanted != wanted.NOBODY
        fresh.save()
        _keep(fresh, by=by, at=at)
    return fresh


def version_now(article: Article) -> int:
    """0 for one that was written before versions were kept. One query."""
    return article.versions.values_list("number", flat=True).first() or 0


def _locked(article: Article, since: int) -> Article:
    fresh = Article.objects.select_for_update(of=("self",)).select_related("problem").get(pk=article.pk)
    newest = fresh.versions.select_related("by").first()
    if newest is not None and newest.number != since:
        raise ChangedMeanwhile(newest)
    return fresh


def _put(article: Article, words: Mapping[str, str]) -> None:
    for name in WORDS:
        setattr(article, name, words.get(name, ""))
    article.save()


def _keep_what_was(article: Article) -> None:
    """What stood there before versions were kept is version 1, by nobody."""
    if not article.versions.exists():
        _keep(article, by=None, at=article.updated_at)


def _keep(article: Article, *, by: User | None, at: datetime) -> None:
    ArticleVersion.objects.create(
        article=article,
        number=version_now(article) + 1,
        at=at,
        by=by,
        readers=article.readers,
        **{name: getattr(article, name) for name in WORDS},
    )
