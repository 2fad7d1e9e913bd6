"""The part of `/api/v1/` that this app answers."""

from django.urls import path

from tickets import api
from tickets.archive import api as api_archive
from tickets.serializers_verbs import VERBS

urlpatterns = [
    path("tickets/", api.TicketListView.as_view(), name="ticket-list"),
    path("tickets/<str:number>/", api.TicketView.as_view(), name="ticket"),
    path("tickets/<str:number>/events/", api.EventListView.as_view(), name="ticket-events"),
    path("tickets/<str:number>/messages/", api.MessageListView.as_view(), name="ticket-messages"),
    path("tickets/<str:number>/attachments/", api.AttachmentListView.as_view(), name="ticket-attachments"),
    *(path(f"tickets/<str:number>/{verb}/", api.move_view(verb), name=f"ticket-{verb}") for verb in VERBS),
    path("tickets/<str:number>/hold/", api_archive.HoldView.as_view(), name="ticket-hold"),
    path("tickets/<str:number>/lift_hold/", api_archive.LiftHoldView.as_view(), name="ticket-lift_hold"),
    path("archive/", api_archive.ArchiveListView.as_view(), name="archive-list"),
    path("departments/", api.DepartmentListView.as_view(), name="department-list"),
]
