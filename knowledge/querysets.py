from collections.abc import Iterable
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
