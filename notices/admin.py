"""Templates of short messages, for an administrator."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.settings_pages import Settings, column
from notices import sms
from notices.models_sms import SmsTemplate


@admin.register(SmsTemplate)
class SmsTemplateAdmin(Settings):
    list_display = ("kind", "text", "approval_number", "length", column("is_active", _("active"), boolean=True))
    fields = ("kind", "text", "text_en", "approval_number", "is_active")

    @admin.display(description=_("messages at least"))
    def length(self, row: Any) -> int:
        """Of the template itself, without what its variables bring."""
        return sms.segments(row.text)
