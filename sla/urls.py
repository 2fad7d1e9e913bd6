from django.urls import path

from sla import views, views_ledger, views_policies

app_name = "sla"
urlpatterns = [
    path("calendars/", views.calendars, name="calendars"),
    path("calendars/new/", views.new_calendar, name="calendar-new"),
    path("calendars/<slug:code>/", views.calendar, name="calendar"),
    path("calendars/<slug:code>/hours/", views.set_hours, name="set-hours"),
    path("calendars/<slug:code>/day/", views.set_day, name="set-day"),
    path("calendars/<slug:code>/day/<int:pk>/clear/", views.clear_day, name="clear-day"),
    path("calendars/<slug:code>/import/", views.import_days, name="import-days"),
    path("policies/", views_policies.policies, name="policies"),
    path("policies/apply/", views_policies.apply, name="apply"),
    path("policies/new/", views_policies.new, name="policy-new"),
    path("policies/<slug:code>/", views_policies.policy, name="policy"),
    path("policies/<slug:code>/delete/", views_policies.delete, name="policy-delete"),
    path("ledger/", views_ledger.records, name="ledger"),
    path("ledger/<int:pk>/", views_ledger.record, name="record"),
    path("supervision/<str:code>/", views_ledger.supervision, name="supervision"),
    path("supervision/<str:code>/pdf/", views_ledger.supervision_pdf, name="supervision-pdf"),
    path("simulate/", views_policies.simulate, name="simulate"),
]
