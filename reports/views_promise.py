"""The service promise 服务承诺: what anybody may expect, and how last month kept it (A2.2)."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from knowledge.models import PageText, page_text
from reports.promise import promise


@require_safe
def service_promise(request: HttpRequest) -> HttpResponse:
    """Three queries: the office's words, the policies, the kept days."""
    if "promise" not in settings.PUBLIC_PAGES:
        raise Http404
    words, spoken = page_text(PageText.Page.PROMISE, request.LANGUAGE_CODE)
    context = {"promise": promise(timezone.now()), "words": words, "spoken": spoken}
    return render(request, "reports/promise.html", context)
