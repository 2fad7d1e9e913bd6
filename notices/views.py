from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from notices import services, wording
from notices.models import Notice

SHOWN = 100


@login_required
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    notices = list(Notice.objects.shown_to(request.user)[:SHOWN])
    for notice in notices:
        notice.subject, body = wording.words(notice, request.LANGUAGE_CODE)
        notice.address, notice.body = wording.address_apart(wording.without_repeats(notice, body))
    return render(request, "notices/list.html", {"notices": notices})


@login_required
@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    services.read(request.user, timezone.now())
    return redirect("notices:list")
