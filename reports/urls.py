from django.urls import path, re_path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("documents/", views.documents, name="list"),
    path("documents/build/", views.build, name="build"),
    path("documents/<int:pk>/", views.report, name="report"),
    re_path(r"^documents/(?P<pk>\d{1,18})\.(?P<form>pdf|xlsx)$", views.report_file, name="file"),
    path("documents/<int:pk>/conclusions/", views.conclude, name="conclude"),
    path("documents/<int:pk>/approve/", views.approve, name="approve"),
]
