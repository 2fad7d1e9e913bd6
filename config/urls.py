from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("feedback.urls")),
    path("", include("accounts.urls")),
    path("", include("tickets.urls")),
    path("", include("surveys.urls")),
    path("notices/", include("notices.urls")),
    path("sla/", include("sla.urls")),
    path("reports/", include("reports.urls")),
    path("knowledge/", include("knowledge.urls")),
    path("api/v1/", include("config.api")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]

handler400 = "common.problems.bad_request"
handler403 = "common.problems.permission_denied"
handler404 = "common.problems.page_not_found"
handler500 = "common.problems.server_error"
