"""Settings pages of an administrator: people, departments, regions, tokens, and the log of who read what."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.models import AccessLog, ApiToken, Department, Region, User
from accounts.roles import Role
from accounts.settings_pages import ReadOnly, Settings

admin.site.unregister(Group)  # what a person may do follows from roles
admin.site.site_header = admin.site.site_title = _("Huisheng administration")
admin.site.index_title = _("What the company sets")
admin.site.site_url = "/desk/"


class RolesField(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Roles"), choices=Role.choices, required=False, **options)


class PersonForm(UserChangeForm):
    roles = RolesField(help_text=_("A person can hold several. The administrator sees settings, but no tickets."))


class PasswordForm(AdminPasswordChangeForm):
    """As when people change their own: sessions end by themselves, and so do the tokens that act as the person."""

    def save(self, commit: bool = True) -> User:
        person = super().save(commit)
        if commit and not person.is_app:
            services.revoke_tokens(person, at=timezone.now())
        return person


class NewPersonForm(AdminUserCreationForm):
    roles = RolesField()


@admin.register(User)
class PersonAdmin(Settings, UserAdmin):
    form, add_form, change_password_form = PersonForm, NewPersonForm, PasswordForm
    add_form_template = None  # Django's own adds one sentence, which has no Chinese
    list_display = ("username", "full_name", "department", "role_names", "is_active", "is_absent")
    list_filter = ("department", "is_active", "is_absent", "is_app")
    search_fields = ("username", "name", "name_en")
    ordering = ("username",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("person"), {"fields": ("name", "name_en", "title", "email", "phone", "language")}),
        (_("work"), {"fields": ("department", "roles", "is_absent", "capacity", "share", "is_active")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "username", "name", "name_en", "email", "department", "roles", "usable_password", "password1",
                    "password2",
                )
            },
        ),
    )  # fmt: skip
    filter_horizontal = ()

    @admin.display(description=_("name"), ordering="name")
    def full_name(self, row: User) -> str:
        return row.get_full_name()

    @admin.display(description=_("roles"))
    def role_names(self, row: User) -> str:
        return ", ".join(row.role_labels)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.is_staff = obj.is_superuser or Role.ADMIN in obj.roles
        super().save_model(request, obj, form, change)


class DepartmentForm(forms.ModelForm):
    def clean_parent(self) -> Department | None:
        parent = self.cleaned_data["parent"]
        if parent and self.instance.pk and f"/{self.instance.pk}/" in parent.path:
            raise ValidationError(gettext("A department cannot lie below itself."))
        return parent


@admin.register(Department)
class DepartmentAdmin(Settings):
    form = DepartmentForm
    list_display = ("code", "local_name", "parent", "head", "is_office", "is_active")
    list_select_related = ("parent", "head")
    list_filter = ("is_active",)
    fields = ("code", "name", "name_en", "parent", "head", "is_office", "is_active", "position")
    autocomplete_fields = ("head",)
    search_fields = ("code", "name", "name_en")

    @admin.display(description=_("name"), ordering="name")
    def local_name(self, row: Department) -> str:
        return row.local_name

    def save_model(self, request: HttpRequest, obj: Department, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        services.move_department(obj, parent=obj.parent)


@admin.register(Region)
class RegionAdmin(Settings):
    """Official codes stay; a name may change, as when a county becomes a district."""

    list_display = ("code", "full_name", "level", "name_en")
    list_filter = ("level",)
    search_fields = ("code", "full_name", "name_en")
    fields = ("code", "level", "parent", "name", "name_en", "full_name")
    readonly_fields = ("code", "level", "parent")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class TokenForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        label=_("scopes"), choices=ApiToken.Scope.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ApiToken
        fields = ("name", "scopes", "user", "expires_at")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "user" in self.fields:
            self.fields["user"].required = False
            self.fields["user"].help_text = _("Whom its moves count as; empty: the app's own account.")


@admin.register(ApiToken)
class TokenAdmin(ReadOnly):
    """Made here once, shown once, then only revoked."""

    form = TokenForm
    list_display = ("name", "user", "scope_names", "created_at", "expires_at", "revoked_at")
    fields = ("name", "user", "scope_names", "per_minute", "created_at", "expires_at", "revoked_at")
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> Any:
        return self.fields if obj else TokenForm.Meta.fields

    @admin.display(description=_("scopes"))
    def scope_names(self, row: ApiToken) -> str:
        return ", ".join(str(ApiToken.Scope(scope).label) for scope in row.scopes)

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        given = form.cleaned_data
        wanted = {name: given[name] for name in ("name", "scopes", "user", "expires_at")}
        token, row = services.create_token(**wanted, at=timezone.now())
        obj.__dict__.update(row.__dict__)
        messages.warning(request, gettext("The token, shown only now: %(token)s") % {"token": token})

    @admin.action(description=_("Revoke the chosen tokens"))
    def revoke(self, request: HttpRequest, rows: Any) -> None:
        at: datetime = timezone.now()
        for row in rows:
            services.revoke_token(row, at=at)
        messages.success(request, gettext("Revoked."))


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnly):
    list_display = ("at", "user", "action", "subject", "purpose")
    list_filter = ("action",)
    search_fields = ("subject",)
    date_hierarchy = "at"
    fields = ("at", "user", "action", "subject", "purpose")
