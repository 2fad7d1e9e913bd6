"""Templates of short messages: the list, the editor, and what a message would say and cost before it is saved (A5.1)."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import role_required
from accounts.roles import Role
from accounts.settings_pages import on_record
from notices import services_sms, sms
from notices.forms import OCCASIONS, SmsTemplateForm
from notices.models_sms import VARIABLES, SmsTemplate

setters = role_required(Role.ADMIN, Role.OFFICE)
LANGUAGES = (("zh-hans", "中文"), ("en", "English"))
LINK = "x" * 120
"""About as long as the signed address of a tracking page."""
MEANS = {
    "company": gettext_lazy("the company's name"), "number": gettext_lazy("the number of the case"),
    "subject": gettext_lazy("the subject"), "text": gettext_lazy("what is written to the customer"),
    "url": gettext_lazy("the address where the customer follows the case"),
}  # fmt: skip


def occasion(kind: str) -> str:
    return str(dict(OCCASIONS).get(kind, kind))


@require_safe
@setters
def templates(request: HttpRequest) -> HttpResponse:
    """All of them, and for which occasions there is none. One query."""
    rows = list(SmsTemplate.objects.all())
    for row in rows:
        row.occasion, row.least = occasion(row.kind), sms.segments(row.text)
    free = [label for code, label in OCCASIONS if code not in {row.kind for row in rows}]
    context = {"templates": rows, "free": free, "transport": settings.SMS_TRANSPORT}
    return render(request, "notices/sms_templates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@setters
def template(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Edit one, or write a new one; `preview` shows the whole message and how many the operator would bill."""
    row = get_object_or_404(SmsTemplate, pk=pk) if pk else SmsTemplate()
    title = occasion(row.kind) if pk else _("New SMS template")
    form, preview, status = SmsTemplateForm(request.POST or None, instance=row), None, 200
    if request.method == "POST":
        if not form.is_valid():
            status = 422
        elif "preview" in request.POST:
            preview = filled(form)
        else:
            with transaction.atomic():
                on_record(form.save(), by=request.user, changed=form.changed_data, new=pk is None)
            messages.success(request, _("Saved. The next message goes out in these words."))
            return redirect("notices:sms-templates")
    means = [(f"{{{name}}}", str(MEANS[name])) for name in VARIABLES]
    context = {"template": row if pk else None, "title": title, "form": form, "preview": preview, "variables": means}
    return render(request, "notices/sms_template.html", context, status=status)


def filled(form: SmsTemplateForm) -> list[dict[str, Any]]:
    """The whole message in both languages, with a made-up case."""
    found = []
    for code, name in LANGUAGES:
        with override(code):
            given = {
                "subject": _("The air conditioner drips"),
                "text": form.cleaned_data["trial"] or _("We come on Saturday from 9 to 11. Please keep it switched off."),
            }  # fmt: skip
        number = "Q20260102-000042"
        address = {"url": f"{settings.PUBLIC_BASE_URL}/t/…"}
        text, _used = services_sms.words(form.instance, language=code, topic=number, context=given | address)
        sent, _used = services_sms.words(form.instance, language=code, topic=number, context=given | {"url": LINK})
        count = sms.segments(sent)
        found.append(
            {
                "code": code, "name": name, "text": text, "length": len(sent), "messages": count,
                "too_long": count > sms.MOST_SEGMENTS, "missing": code == "en" and not form.instance.text_en,
            }
        )  # fmt: skip
    return found
