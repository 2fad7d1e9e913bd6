"""The root of the REST API: what each app answers, under `/api/v1/`."""

from django.urls import include, path

urlpatterns = [
    path("", include(f"{app}.api_urls")) for app in ("feedback", "tickets", "sla", "surveys", "reports", "accounts")
]
