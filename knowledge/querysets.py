from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Self

from django.db import models
from django.db.models import Q


class ProblemQuerySet(models.QuerySet):
    def about(self, words: Iterable[str]) -> Self:
        """Those whose title or summary holds every word; all of them for no words."""
        found = self
        for word in words:
            found = found.filter(Q(title__icontains=word) | Q(summary__icontains=word))
        return found


class ArticleQuerySet(models.QuerySet):
    def about(self, words: Iterable[str]) -> Self:
        """The public ones in whose question, answer or other words every word stands, in either language."""
        found = self.filter(is_public=True)
        for word in words:
            places = ("question", "words", "answer", "question_en", "answer_en")
            found = found.filter(reduce(or_, (Q(**{f"{place}__icontains": word}) for place in places)))
        return found
