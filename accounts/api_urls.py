"""The part of `/api/v1/` that this app answers."""

from django.urls import path

from accounts.api import DepartmentsView

urlpatterns = [path("departments/", DepartmentsView.as_view(), name="api-departments")]
