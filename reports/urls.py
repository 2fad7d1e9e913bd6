from django.urls import path, re_path

from reports import views, views_ledgers, views_papers, views_targets

app_name = "reports"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("<slug:name>.csv", views.overview_table, name="overview-table"),
    path("ledgers/", views_ledgers.ledger, name="ledger"),
    path("cases/<str:number>/<slug:paper>/", views_papers.paper, name="paper"),
    path("cases/<str:number>/<slug:paper>.pdf", views_papers.paper_pdf, name="paper-pdf"),
    path("targets/", views_targets.targets, name="targets"),
    path("documents/", views.documents, name="list"),
    path("documents/build/", views.build, name="build"),
    path("documents/<int:pk>/", views.report, name="report"),
    re_path(r"^documents/(?P<pk>\d{1,18})\.(?P<form>pdf|xlsx|docx)$", views.report_file, name="file"),
    path("documents/<int:pk>/<slug:name>.csv", views.report_table, name="table"),
    path("documents/<int:pk>/conclusions/", views.conclude, name="conclude"),
    path("documents/<int:pk>/approve/", views.approve, name="approve"),
]
