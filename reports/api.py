"""Figures and reports for machines: the same numbers as the pages and the command."""

from itertools import islice
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.generics import ListAPIView, RetrieveAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.pagination import RowsPagination
from reports import access, kpi, periods
from reports.downloads import FILES, file_of
from reports.models import Report
from reports.split import DIMENSIONS, Split

MOST_STEPS = 400  # a year of days


class Kpis(APIView):
    """Every figure of a period, exactly as `manage.py kpi --json` prints it."""

    scopes = {"GET": "reports"}

    @extend_schema(
        parameters=[
            OpenApiParameter("from", str, required=True, description="2026-10-01 or an ISO 8601 instant"),
            OpenApiParameter("to", str, required=True, description="the first instant after the period"),
            OpenApiParameter("by", str, enum=list(DIMENSIONS)),
            OpenApiParameter("interval", str, enum=list(periods.INTERVALS)),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        tickets = access.tickets_counted_for(request.user)
        asked = request.query_params
        try:
            period = periods.parse(asked.get("from", ""), asked.get("to", ""))
        except ValueError:
            raise ValidationError({"from": [_("Give `from` and `to` as dates, the end after the start.")]}) from None
        for name, known in {"by": DIMENSIONS, "interval": periods.INTERVALS}.items():
            if (word := asked.get(name)) and word not in known:
                said = _("There is no “%(word)s”; there are %(known)s.") % {"word": word, "known": ", ".join(known)}
                raise ValidationError({name: [said]})
        split = Split((asked["by"],) if asked.get("by") else (), asked.get("interval") or None)
        if split.interval and len(list(islice(periods.steps(period, split.interval), MOST_STEPS + 1))) > MOST_STEPS:
            raise ValidationError({"interval": [_("At most %(most)s intervals at a time.") % {"most": MOST_STEPS}]})
        return Response(kpi.figures(tickets, period, split))


class ReportSummary(serializers.ModelSerializer):
    class Meta:
        model = Report
        fields = ("id", "kind", "start", "end", "version", "state", "sha256", "built_at", "approved_at")


class ReportDetail(serializers.ModelSerializer):
    class Meta:
        model = Report
        fields = (*ReportSummary.Meta.fields, "conclusions", "figures")


class ReportPagination(RowsPagination):
    page_size, max_page_size = 50, 200
    ordering = ("-built_at", "-pk")


class OnlyForAll:
    """Reports tell of the whole company: heads are refused."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if not access.sees_all(request.user):
            raise PermissionDenied


class Reports(OnlyForAll, ListAPIView):
    """Reports, the newest first. They tell of the whole company: heads of departments are refused."""

    scopes = {"GET": "reports"}
    serializer_class = ReportSummary
    pagination_class = ReportPagination
    queryset = Report.objects.defer("figures", "conclusions")


class OneReport(OnlyForAll, RetrieveAPIView):
    """One report with its conclusions and its figures as they were frozen."""

    scopes = {"GET": "reports"}
    serializer_class = ReportDetail
    queryset = Report.objects.all()


class ReportFile(OnlyForAll, APIView):
    """One report as a document."""

    scopes = {"GET": "reports"}

    @extend_schema(
        operation_id="reports_file",
        parameters=[OpenApiParameter("form", str, OpenApiParameter.PATH, enum=list(FILES))],
        responses={(200, kind): bytes for _build, kind in FILES.values()},
    )
    def get(self, request: Request, pk: str, form: str) -> HttpResponse:
        row = get_object_or_404(Report.objects.select_related("built_by", "approved_by"), pk=pk)
        return file_of(row, form)
