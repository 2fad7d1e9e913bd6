"""The library for machines: problems that several customers have (C5.2), and public answers (C3.1), by words."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from accounts.roles import Role
from accounts.throttles import PublicThrottle
from common.pagination import RowsPagination
from common.text import one_line, storable
from knowledge.models import Article, Problem

LONGEST_QUESTION = 200
READERS = (Role.OFFICE, Role.ANALYST, Role.AUDITOR, Role.LEADER)
_Q = OpenApiParameter("q", {"type": "string", "maxLength": LONGEST_QUESTION}, description="Every word has to occur.")


def words_of(request: Request) -> list[str]:
    """What `q` asks for. Raises ValidationError."""
    question = request.query_params.get("q", "")
    if len(question) > LONGEST_QUESTION or not storable(question):
        raise ValidationError({"q": [_("At most %(most)s characters.") % {"most": LONGEST_QUESTION}]})
    return one_line(question).split()


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
        parameters=[_Q],
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
        words = words_of(self.request)
        known = [Problem.State.OPEN, Problem.State.SOLVED]
        if self.request.user.has_role(*READERS):
            known.append(Problem.State.PROPOSED)
        return Problem.objects.filter(state__in=known).about(words)


class ArticleSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField(help_text=gettext_lazy("Its public page."))

    class Meta:
        model = Article
        fields = ("id", "question", "answer", "question_en", "answer_en", "url", "helped", "did_not_help", "updated_at")
        read_only_fields = fields

    def get_url(self, row: Article) -> str:
        return settings.PUBLIC_BASE_URL.rstrip("/") + reverse("knowledge:article", args=[row.pk])


class ArticlePagination(RowsPagination):
    page_size, max_page_size = 50, 200
    ordering = ("-helped", "-pk")


@extend_schema_view(get=extend_schema(operation_id="knowledge_articles", tags=["knowledge"], parameters=[_Q]))
class ArticlesView(generics.ListAPIView):
    """Questions and answers that anybody may read, those that helped most first; `q` narrows them to those that hold every
    word. A question in the asker's own words is for `POST /chat/`.
    """

    permission_classes = [AllowAny]
    throttle_classes = [PublicThrottle]
    queryset = Article.objects.none()
    serializer_class = ArticleSerializer
    pagination_class = ArticlePagination
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[Article]:
        return Article.objects.about(words_of(self.request))
