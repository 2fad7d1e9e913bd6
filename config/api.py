"""The root of the REST API: what each app answers, under `/api/v1/`."""

from django.urls import include, path

from config.api_schema import DocsView, SchemaView

APPS = ("feedback", "tickets", "sla", "surveys", "reports", "knowledge", "accounts")

urlpatterns = [
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", DocsView.as_view(), name="api-docs"),
    *(path("", include(f"{app}.api_urls")) for app in APPS),
]
