"""The library for machines: problems that several customers have, by words (C5.2)."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.exceptions import ValidationError

from accounts.roles import Role
from common.pagination import RowsPagination
from common.text import one_line, storable
from knowledge.models import Problem

LONGEST_QUESTION = 200
READERS = (Role.OFFICE, Role.ANALYST, Role.AUDITOR, Role.LEADER)


@extend_schema_serializer(component_name="KnownProblem")  # "Problem" is what an error looks like
class ProblemSerializer(serializers.ModelSerializer):
    class Meta:
        model = Problem
        fields = ("id", "title", "summary", "state", "created_at")
        read_only_fields = fields


class ProblemPagination(RowsPagination):
    page_size, max_page_size = 50, 200
    ordering = ("-created_at", "-pk")


@extend_schema_view(
    get=extend_schema(
        operation_id="knowledge_list",
        tags=["knowledge"],
        parameters=[
            OpenApiParameter(
                "q", {"type": "string", "maxLength": LONGEST_QUESTION}, description="Every word has to occur."
            )
        ],
    )
)
class KnowledgeView(generics.ListAPIView):
    """Known problems, newest first; `q` narrows them to those whose title or summary holds every word.

    One that is only proposed bears a title out of customers' own cases: those who decide on problems see it, nobody else (S-2).
    """

    scopes = {"GET": "read"}
    queryset = Problem.objects.none()
    serializer_class = ProblemSerializer
    pagination_class = ProblemPagination
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[Problem]:
        question = self.request.query_params.get("q", "")
        if len(question) > LONGEST_QUESTION or not storable(question):
            raise ValidationError({"q": [_("At most %(most)s characters.") % {"most": LONGEST_QUESTION}]})
        known = [Problem.State.OPEN, Problem.State.SOLVED]
        if self.request.user.has_role(*READERS):
            known.append(Problem.State.PROPOSED)
        return Problem.objects.filter(state__in=known).about(one_line(question).split())
