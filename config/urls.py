from django.contrib import admin
from django.urls import include, path

from accounts.views import admin_login, logout, set_language
from common.health import healthz
from common.views import favicon, theme
from config.health import metrics, readyz
from reports.views_promise import service_promise

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("api/v1/", include("config.api")),
    path("", include("feedback.urls")),
    path("promise/", service_promise, name="promise"),
    path("", include("accounts.urls")),
    path("", include("tickets.urls")),
    path("", include("surveys.urls")),
    path("notices/", include("notices.urls")),
    path("sla/", include("sla.urls")),
    path("reports/", include("reports.urls")),
    path("supervision/", include("supervision.urls")),
    path("knowledge/", include("knowledge.urls")),
    path("i18n/setlang/", set_language, name="set_language"),
    path("favicon.ico", favicon, name="favicon"),
    path("theme/", theme, name="set_theme"),
    path("admin/login/", admin_login),
    path("admin/logout/", logout),
    path("admin/", admin.site.urls),
]

handler400 = "common.problems.bad_request"
handler403 = "common.problems.permission_denied"
handler404 = "common.problems.page_not_found"
handler500 = "common.problems.server_error"
