from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from common.form_fields import day_picker


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class OwnSettingsForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["language", "phone", "is_absent"]
        labels = {"language": _("Language"), "phone": _("Phone"), "is_absent": _("I am absent")}
        help_texts = {"is_absent": _("New tickets are then not given to you; the head of your department sees it.")}

    language = forms.ChoiceField(label=_("Language"), choices=[("zh-hans", "中文"), ("en", "English")])


class PasswordForm(forms.Form):
    """The new password is checked against the person's own name and the list of common ones."""

    current = forms.CharField(
        label=_("Present password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least eight characters, and none of the usual ones."),
    )

    def __init__(self, *args: object, person: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.person = person

    def clean_current(self) -> str:
        if not self.person.check_password(self.cleaned_data["current"]):
            raise forms.ValidationError(_("This is not your present password."), code="wrong")
        return self.cleaned_data["current"]

    def clean_new(self) -> str:
        validate_password(self.cleaned_data["new"], self.person)
        return self.cleaned_data["new"]


class ShiftForm(forms.Form):
    person = forms.ModelChoiceField(User.objects.none(), label=_("Person"), to_field_name="username")
    first = forms.DateField(label=_("From"), widget=day_picker())
    last = forms.DateField(label=_("To"), widget=day_picker())
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"), choices=list(WEEKDAYS.items()), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    opens = forms.TimeField(label=_("Begins"), widget=forms.TimeInput(attrs={"type": "time"}))
    closes = forms.TimeField(label=_("Ends"), widget=forms.TimeInput(attrs={"type": "time"}))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people = User.objects.active().with_role(Role.AGENT, Role.HANDLER, Role.HEAD, Role.OFFICE)
        self.fields["person"].queryset = people.order_by("username")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("first", "last"):
            if data.get(name) and not 2000 <= data[name].year <= 2100:
                self.add_error(name, _("Enter a date between 2000 and 2100."))
        return data
