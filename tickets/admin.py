"""Settings pages of an administrator: categories, causes, review rules."""

from django.contrib import admin

from tickets.models import Category, Cause, ReviewRule


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "name_en", "department", "position", "is_active")
    search_fields = ("code", "name", "name_en")


@admin.register(Cause)
class CauseAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "name_en", "position", "is_active")
    search_fields = ("code", "name", "name_en")


@admin.register(ReviewRule)
class ReviewRuleAdmin(admin.ModelAdmin):
    list_display = ("nature", "tier", "gates", "call_back")
