"""What anybody may read: questions and answers, and what was improved because of what customers said."""

from django.conf import settings
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.text import one_line
from knowledge import answers
from knowledge.models import Article, PageText, PublicImprovement, page_text

MOST = 200
LONGEST_QUESTION = 200
IMPROVEMENTS = 100  # older ones are history


@require_safe
def faq(request: HttpRequest) -> HttpResponse:
    """All public ones, the most helpful first; with `q` those that hold every word, else those that fit the question.

    One query; two where no answer holds the words. What a search leaves alone stands unfolded.
    """
    asked = one_line(request.GET.get("q", ""))[:LONGEST_QUESTION]
    rows = list(Article.objects.about(asked.split())[:MOST])
    if not rows and asked:
        rows = [found.article for found in answers.find(asked)]
    shown = [(row.pk, *row.in_language(request.LANGUAGE_CODE)) for row in rows]
    return render(request, "knowledge/faq.html", {"rows": shown, "asked": asked})


@require_safe
def article(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Article, pk=pk, is_public=True)
    question, answer = row.in_language(request.LANGUAGE_CODE)
    return render(request, "knowledge/article.html", {"row": row, "question": question, "answer": answer})


@require_safe
def improvements(request: HttpRequest) -> HttpResponse:
    """您说了，我们改了 (A7), the newest first, with how many cases said so. Two queries."""
    if "improvements" not in settings.PUBLIC_PAGES:
        raise Http404
    found = (
        PublicImprovement.objects.filter(is_public=True)
        .annotate(voices=Count("problem__tickets", filter=~Q(problem__tickets__status="void")))
        .order_by("-done_on", "-pk")
    )  # counting drops the model's own order
    rows = [(row, *row.in_language(request.LANGUAGE_CODE)) for row in found[:IMPROVEMENTS]]
    words, spoken = page_text(PageText.Page.IMPROVEMENTS, request.LANGUAGE_CODE)
    return render(request, "knowledge/improvements.html", {"rows": rows, "words": words, "spoken": spoken})
