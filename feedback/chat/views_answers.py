"""Answers that are there already, while somebody writes (C3.1): often nobody has to wait for one."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.throttles import limited
from common.text import clean
from knowledge import answers

READ = 600
"""Characters of what was typed that are looked at: its first sentences."""
SENTENCES = 4
_SENTENCE = re.compile(r"[。！？!?；;\n]|\.\s")


@never_cache
@require_POST
@limited("typing")
def similar_answers(request: HttpRequest) -> HttpResponse:
    """By POST, so that no log holds what was typed. Nothing is stored."""
    typed = clean(request.POST.get("content", "")[:READ])
    best: dict[int, answers.Found] = {}
    for sentence in [part for part in _SENTENCE.split(typed) if len(part.strip()) > 3][:SENTENCES]:
        for found in answers.find(sentence):
            known = best.get(found.article.pk)
            if known is None or known.confidence < found.confidence:
                best[found.article.pk] = found
    rows = sorted(best.values(), key=lambda one: -one.confidence)[: answers.MOST]
    shown = [(one.article.pk, *one.article.in_language(request.LANGUAGE_CODE)) for one in rows]
    return render(request, "feedback/_answers.html", {"answers": shown})
