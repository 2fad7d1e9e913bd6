"""What the classifier can do, and where people disagreed with it."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import role_required
from accounts.roles import Role
from feedback import scores
from feedback.models import Correction

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
    context = {"models": scores.all_models(), "corrected": list(corrected)}
    return render(request, "feedback/classifier.html", context)
