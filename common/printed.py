"""What is printed for customers speaks the language that is asked for, whoever prints it and in whatever language they work."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
"""Each by its own name."""


def language_asked(request: HttpRequest) -> str:
    """The one of the field or parameter `language`, else that of the page."""
    asked = request.POST.get("language") or request.GET.get("language", "")
    return asked if asked in dict(LANGUAGES) else get_language() or settings.LANGUAGE_CODE


def rendered(template: str, context: dict[str, Any], request: HttpRequest) -> SafeString:
    with override(language_asked(request)):
        return render_to_string(template, context, request)


def choice(request: HttpRequest) -> dict[str, Any]:
    """What `ui/paper_language.html` shows."""
    return {"paper_languages": LANGUAGES, "paper_language": language_asked(request)}
