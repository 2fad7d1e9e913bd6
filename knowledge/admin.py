"""Common problems, and public questions and answers, for an administrator (C5.2)."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.settings_pages import Settings, column
from knowledge.models import Article, Problem


@admin.register(Problem)
class ProblemAdmin(Settings):
    list_display = ("title", "state", column("created_at", _("created at")))
    list_filter = ("state",)
    search_fields = ("title",)
    fields = ("title", "summary", "state")

    def has_add_permission(self, request):
        return False  # they are proposed from tickets


@admin.register(Article)
class ArticleAdmin(Settings):
    list_display = ("question", column("is_public", _("public"), boolean=True), "helped", "did_not_help", "updated_at")
    list_filter = ("is_public",)
    search_fields = ("question", "words")
    fields = ("question", "answer", "words", "question_en", "answer_en", "problem", "is_public")
