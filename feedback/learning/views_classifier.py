"""What the classifier can do, and where people disagreed with it."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import role_required
from accounts.models import full_name_in
from accounts.roles import Role
from common.text import whole_number
from feedback import panels
from feedback.learning import services_review, services_training
from feedback.models import Correction, ModelVersion
from feedback.text import places, scores

FIELDS = ("nature", "category", "region", "tier")
MOST = 30


@require_safe
@role_required(Role.OFFICE, Role.ANALYST, Role.AUDITOR, Role.ADMIN)
def classifier(request: HttpRequest) -> HttpResponse:
    """The models in use with their confusion tables; corrections by what was proposed and what it became. One query."""
    corrected = (
        Correction.objects.filter(field__in=FIELDS)
        .values("field", "proposed", "corrected")
        .annotate(times=Count("pk"))
        .order_by("-times", "field", "proposed", "corrected")[:MOST]
    )
    context = {
        "models": scores.all_models(),
        "corrected": [
            (panels.FIELDS[row["field"]], named(row, "proposed"), named(row, "corrected"), row["times"])
            for row in corrected
        ],
        "versions": [
            (row, scores.NAMES.get(row.name, row.name), 100 * row.before, 100 * row.after)
            for row in ModelVersion.objects.defer("weights").select_related("decided_by")[:MOST]
        ],
        "agreement": [(panels.FIELDS[one.field], one) for one in services_review.agreement(timezone.now())],
        "may": request.user.has_role(Role.OFFICE, Role.ADMIN),
    }
    return render(request, "feedback/classifier.html", context)


def named(row: dict[str, Any], side: str) -> Any:
    """What a class is called: natures, tiers and categories by their names, a region by its own."""
    code = row[side]
    if row["field"] == "region":
        place = places.official().by_code(code)
        return full_name_in(get_language() or "", code, place.full_name) if place else code
    return scores.LABELS.get(code, code)


@require_POST
@role_required(Role.OFFICE, Role.ADMIN)
def use(request: HttpRequest) -> HttpResponse:
    """`version`: use that one; `shipped`: the name of a model that goes back to what the product came with."""
    version, at = whole_number(request.POST.get("version", "")), timezone.now()
    if name := request.POST.get("shipped", ""):
        services_training.use_shipped(name, by=request.user, at=at)
    else:
        row = get_object_or_404(ModelVersion.objects.defer("weights"), pk=version)
        services_training.use(row, by=request.user, at=at)
    messages.success(request, _("Saved. It counts from the next message on."))
    return redirect("feedback:classifier")
