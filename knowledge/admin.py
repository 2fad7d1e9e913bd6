"""Common problems, for an administrator (C5.2). Questions and answers have an editor of their own."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.settings_pages import Settings, column
from knowledge.models import Problem


@admin.register(Problem)
class ProblemAdmin(Settings):
    list_display = ("title", "state", column("created_at", _("created at")))
    list_filter = ("state",)
    search_fields = ("title",)
    fields = ("title", "summary", "state")

    def has_add_permission(self, request):
        return False  # they are proposed from tickets
