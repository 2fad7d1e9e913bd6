from django.urls import path

from supervision import views, views_findings, views_meetings

app_name = "supervision"
urlpatterns = [
    path("", views.samples, name="samples"),
    path("samples/<int:pk>/", views.sample, name="sample"),
    path("cases/<int:pk>/", views.sheet, name="sheet"),
    path("checklists/", views.checklists, name="checklists"),
    path("checklists/<int:pk>/", views.checklist, name="checklist"),
    path("findings/", views_findings.findings, name="findings"),
    path("findings/<int:pk>/", views_findings.finding, name="finding"),
    path("meetings/", views_meetings.meetings, name="meetings"),
    path("meetings/<int:pk>/", views_meetings.meeting, name="meeting"),
    path("meetings/<int:pk>.pdf", views_meetings.meeting_pdf, name="meeting-pdf"),
    path("actions/", views_meetings.actions, name="actions"),
    path("actions/<int:pk>/", views_meetings.action, name="action"),
]
