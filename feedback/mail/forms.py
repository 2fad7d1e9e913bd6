"""The form of a mailbox; its password goes in and never comes out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.validators import other_than
from feedback.mail import secrets as mail_secrets
from feedback.mail import servers
from feedback.models import Mailbox
from notices import outgoing


class MailboxForm(forms.ModelForm):
    password = forms.CharField(
        label=_("Password"),
        required=False,
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = Mailbox
        fields = ["code", "name", "name_en", "address", "host", "port", "security", "username", "folder", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["port"].max_value = 65535  # type: ignore[attr-defined]
        self.fields["code"].validators.append(other_than("new"))
        if self.instance.pk:
            del self.fields["code"]  # mails are known by it

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("host") and not cleaned.get("username"):
            self.add_error("username", _("Who signs in at the IMAP server?"))
        if cleaned.get("host") and not (cleaned.get("password") or self.instance.sealed_password):
            self.add_error("password", _("The IMAP server wants a password."))
        if not 1 <= (cleaned.get("port") or 0) <= 65535:
            self.add_error("port", _("A port is a number from 1 to 65535."))
        elif host := cleaned.get("host"):
            try:
                servers.check(host, cleaned["port"])
            except outgoing.AddressRefused as refused:
                self.add_error("host", str(refused))
        moved = self.instance.pk and cleaned.get("host") != Mailbox.objects.values_list("host", flat=True).get(
            pk=self.instance.pk
        )
        if moved and self.instance.sealed_password and not cleaned.get("password"):
            self.add_error("password", _("Another server needs the password entered again."))
        return cleaned

    def save(self, commit: bool = True) -> Mailbox:
        row: Mailbox = super().save(commit=False)
        if self.cleaned_data.get("password"):
            row.sealed_password = mail_secrets.sealed(self.cleaned_data["password"])
        if {"host", "port", "folder", "username"} & set(self.changed_data):
            row.uidvalidity, row.last_uid, row.error = None, 0, ""
        row.save()
        return row
