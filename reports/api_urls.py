"""The part of `/api/v1/` that this app answers."""

from django.urls import path, re_path

from reports import api

urlpatterns = [
    path("kpis/", api.Kpis.as_view(), name="kpis"),
    path("reports/", api.Reports.as_view(), name="reports-api"),
    path("reports/<int:pk>/", api.OneReport.as_view(), name="report-api"),
    re_path(r"^reports/(?P<pk>\d{1,18})\.(?P<form>pdf|xlsx|docx)$", api.ReportFile.as_view(), name="report-file-api"),
]
