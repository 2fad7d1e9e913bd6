"""For an administrator: categories (B2.2 C4.1), causes (A3.2), review rules (B3.4), archive classes (D6)."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.settings_pages import Settings, column
from tickets.models import ArchiveClass, CannedReply, Category, Cause, ReviewRule


class CategoryForm(forms.ModelForm):
    class Meta:
        model = Category
        fields = ("code", "name", "name_en", "department", "position", "is_active")
        labels = {"position": _("position")}
        help_texts = {
            "code": _("Rules, the API and figures name it by this code; it stays."),
            "department": _("New cases of this category are assigned to it at once. Empty: the office assigns them."),
            "position": _("Lists are in the order of these numbers."),
            "is_active": _("Inactive ones are offered no more; old cases keep them."),
        }


@admin.register(Category)
class CategoryAdmin(Settings):
    form = CategoryForm
    list_display = ("code", "local", "department", column("position", _("position")), "is_active")
    list_select_related = ("department",)
    search_fields = ("code", "name", "name_en")

    @admin.display(description=_("name"), ordering="name")
    def local(self, row: Category) -> str:
        return row.local_name

    def get_readonly_fields(self, request, obj=None):
        return ("code",) if obj else ()


@admin.register(Cause)
class CauseAdmin(Settings):
    list_display = ("code", "name", "name_en", column("position", _("position")), "is_active")
    search_fields = ("code", "name", "name_en")

    def get_readonly_fields(self, request, obj=None):
        return ("code",) if obj else ()


@admin.register(ReviewRule)
class ReviewRuleAdmin(Settings):
    list_display = ("nature", "tier", "gates", "call_back")


@admin.register(ArchiveClass)
class ArchiveClassAdmin(Settings):
    list_display = ("code", "name", "nature", "tier", "bad_reviews", "years", column("position", _("position")))

    def get_readonly_fields(self, request, obj=None):
        return ("code",) if obj else ()


@admin.register(CannedReply)
class CannedReplyAdmin(Settings):
    list_display = (
        "name",
        column("nature", _("for the nature")),
        column("resolves", _("answers at once"), boolean=True),
        "position",
    )
    fields = ("name", "name_en", "text", "text_en", "nature", "resolves", "position", "is_active")
