"""The part of `/api/v1/` that this app answers."""

from django.urls import path

from sla import api

urlpatterns = [path("tickets/<str:number>/clocks/", api.ClocksView.as_view(), name="ticket-clocks")]
