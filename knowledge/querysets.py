from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Self

from django.db import models
from django.db.models import Count, Q

READERS = {  # by the code of `Article.Readers`
    "nobody": Q(is_offered=False),
    "house": Q(is_offered=True, is_public=False),
    "public": Q(is_public=True),
}


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
        return self.filter(is_public=True).holding(words)

    def holding(self, words: Iterable[str]) -> Self:
        """The same, whoever may read them."""
        found = self
        for word in words:
            places = ("question", "words", "answer", "question_en", "answer_en")
            found = found.filter(reduce(or_, (Q(**{f"{place}__icontains": word}) for place in places)))
        return found

    def for_readers(self, readers: str) -> Self:
        return self.filter(READERS[readers])

    def numbers(self) -> dict[str, int]:
        """How many each kind of readers has. One query."""
        return self.aggregate(**{readers: Count("pk", filter=which) for readers, which in READERS.items()})
