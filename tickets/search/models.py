"""What search reads, as rows."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from common.reading import QuicklyRead


class SearchDocument(QuicklyRead):
    """What search finds a ticket by, kept in the same transaction: once for all readers, once for colleagues."""

    class Visibility(models.TextChoices):
        PUBLIC = "public"
        INTERNAL = "internal"

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="search_documents", db_index=False)
    visibility = models.CharField(max_length=8, choices=Visibility)
    body = models.TextField()
    tsv = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "visibility"], name="one_search_document")]
        indexes = [GinIndex(fields=["tsv"], name="search_tsv")]
