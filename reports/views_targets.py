"""The page of targets: what each figure should come to, who decided so and when."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from reports import access
from reports import targets as decided
from reports.definitions import DEFINITIONS, shown_target
from reports.forms import TargetsForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def targets(request: HttpRequest) -> HttpResponse:
    may_set = access.may_set_targets(request.user)
    if not (may_set or access.sees_all(request.user)) or (request.method == "POST" and not may_set):
        raise PermissionDenied
    form = TargetsForm(request.POST if request.method == "POST" else None, current=decided.current())
    if request.method == "POST" and form.is_valid():
        made = decided.set_targets(form.targets(), by=request.user, at=timezone.now())
        told = ngettext("%(n)s target was changed.", "%(n)s targets were changed.", len(made)) % {"n": len(made)}
        messages.success(request, told if made else _("Nothing was changed."))
        return redirect("reports:targets")
    current = decided.current()
    return render(
        request,
        "reports/targets.html",
        {
            "form": form if may_set else None,
            "targets": [
                {
                    "name": DEFINITIONS[code].name,
                    "target": shown_target(code, current[code]),
                    "text": DEFINITIONS[code].text,
                }
                for code in decided.WITH_TARGET
            ],
            "history": [
                {
                    "name": DEFINITIONS[each["decision"].code].name,
                    "target": shown_target(each["decision"].code, each["decision"].value),
                    "before": shown_target(each["decision"].code, each["before"]),
                    "by": each["decision"].set_by,
                    "at": each["decision"].set_at,
                }
                for each in decided.history()
            ],
        },
    )
