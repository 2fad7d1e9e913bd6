"""Answers that are there already, while somebody writes (C3.1): often nobody has to wait for one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.middleware import in_language_asked
from accounts.throttles import limited
from common.text import clean
from knowledge import answers


@in_language_asked
@never_cache
@require_POST
@limited("typing")
def similar_answers(request: HttpRequest) -> HttpResponse:
    """By POST, so that no log holds what was typed. Nothing is stored."""
    rows = answers.find_while_typing(clean(request.POST.get("content", "")[: answers.READ]))
    shown = [(one.article.pk, *one.article.in_language(request.LANGUAGE_CODE)) for one in rows]
    return render(request, "feedback/_answers.html", {"answers": shown})
