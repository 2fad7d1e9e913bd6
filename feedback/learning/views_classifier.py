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
from accounts.models import User, full_name_in
from accounts.roles import Role
from common.text import whole_number
from feedback import panels
from feedback.learning import services_review, services_teachers, services_training
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
        "teachers": [(one, commonest(one)) for one in services_teachers.teachers()],
        "may": request.user.has_role(Role.OFFICE, Role.ADMIN),
    }
    return render(request, "feedback/classifier.html", context)


def named(row: dict[str, Any], side: str) -> Any:
    return named_as(row["field"], row[side])


def named_as(field: str, code: str) -> Any:
    """What a class is called: natures, tiers and categories by their names, a region by its own."""
    if field == "region":
        place = places.official().by_code(code)
        return full_name_in(get_language() or "", code, place.full_name) if place else code
    return scores.LABELS.get(code, code)


def commonest(teacher: services_teachers.Teacher) -> dict[str, Any] | None:
    """What this colleague corrected most often, in words."""
    if teacher.commonest is None:
        return None
    field, proposed, corrected, times = teacher.commonest
    return {"proposed": named_as(field, proposed) or "—", "corrected": named_as(field, corrected), "times": times}


@require_POST
@role_required(Role.OFFICE, Role.ADMIN)
def teacher(request: HttpRequest) -> HttpResponse:
    """`leave_out` or `take_in`: the key of a colleague."""
    wanted = whole_number(request.POST.get("leave_out", "") or request.POST.get("take_in", ""))
    user = get_object_or_404(User, pk=wanted)
    if "take_in" in request.POST:
        services_teachers.take_in(user, by=request.user)
        messages.success(request, _("What %(name)s says counts again, from tonight on.") % {"name": user})
    else:
        gone = services_teachers.leave_out(user, by=request.user, at=timezone.now())
        said = {"name": user}
        if gone:
            messages.success(
                request,
                _(
                    "Nothing is learnt from %(name)s any more. What was learnt so far is not used; a version without it is made tonight."
                )
                % said,
            )
        else:
            messages.success(request, _("Nothing is learnt from %(name)s any more.") % said)
    return redirect("feedback:classifier")


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
