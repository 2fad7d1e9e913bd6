"""Settings pages of an administrator: people and departments; regions, tokens and the log only to read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.models import AccessLog, ApiToken, Department, Region, User
from accounts.roles import Role


class PersonForm(forms.ModelForm):
    roles = forms.MultipleChoiceField(
        label=_("roles"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


@admin.register(User)
class PersonAdmin(UserAdmin):
    form = PersonForm
    list_display = ("username", "name", "department", "roles", "is_active", "is_absent")
    list_filter = ("department", "is_active", "is_app")
    search_fields = ("username", "name", "name_en")
    ordering = ("username",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("person"), {"fields": ("name", "name_en", "title", "email", "phone", "language")}),
        (_("work"), {"fields": ("department", "roles", "is_absent", "is_active", "is_staff")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "name", "department", "usable_password", "password1", "password2")}),
    )
    readonly_fields = ("last_login",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # people leave, their history stays: is_active


@admin.register(Department)
class DepartmentAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "parent", "head", "is_office", "is_active")
    fields = ("code", "name", "name_en", "parent", "head", "is_office", "is_active", "position")
    search_fields = ("code", "name", "name_en")

    def save_model(self, request: HttpRequest, obj: Department, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        services.move_department(obj, parent=obj.parent)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Region)
class RegionAdmin(ReadOnly):
    list_display = ("code", "full_name", "level")
    search_fields = ("code", "full_name")


@admin.register(ApiToken)
class TokenAdmin(ReadOnly):
    list_display = ("name", "user", "scopes", "created_at", "expires_at", "revoked_at")
    exclude = ("digest",)


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnly):
    list_display = ("at", "user", "action", "subject", "purpose")
    list_filter = ("action",)
    search_fields = ("subject",)
