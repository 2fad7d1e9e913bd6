"""Questions and answers that anybody may read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from knowledge.models import Article

MOST = 200


@require_safe
def faq(request: HttpRequest) -> HttpResponse:
    """All public ones, the most helpful first. One query."""
    rows = Article.objects.filter(is_public=True)[:MOST]
    shown = [(row.pk, *row.in_language(request.LANGUAGE_CODE)) for row in rows]
    return render(request, "knowledge/faq.html", {"rows": shown})


@require_safe
def article(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Article, pk=pk, is_public=True)
    question, answer = row.in_language(request.LANGUAGE_CODE)
    return render(request, "knowledge/article.html", {"row": row, "question": question, "answer": answer})
