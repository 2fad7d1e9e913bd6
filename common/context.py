"""What every template may read. Nothing here queries until a template asks for the rail or the promise."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common import rail, wording

THEMES = ("light", "dark")


def product(request: HttpRequest) -> dict:
    """Brand, the present moment, the chosen theme, the rail and the words that scripts show."""
    chosen = request.COOKIES.get("theme", "")
    places = SimpleLazyObject(lambda: rail.entries(request))
    kept = SimpleLazyObject(lambda: [entry for entry in places if entry.url_name != rail.BELL])
    return {
        "company": wording.company(get_language() or ""),
        "brand": _("Huisheng"),
        "hotline": settings.HOTLINE,
        "now": timezone.now(),
        "theme": chosen if chosen in THEMES else "",
        "here": request.resolver_match.view_name if request.resolver_match else "",
        "rail": kept,
        "rail_groups": SimpleLazyObject(lambda: rail.groups(list(kept))),
        "bell": SimpleLazyObject(lambda: next((entry for entry in places if entry.url_name == rail.BELL), None)),
        "idle_minutes": settings.SESSION_IDLE_MINUTES,
        "promise": SimpleLazyObject(lambda: import_string(settings.PROMISE)(timezone.now())),
        "public_pages": settings.PUBLIC_PAGES,
        "rings": bool(settings.CTI_SECRETS),
        "script_words": script_words,
    }


def script_words() -> dict[str, str]:
    """Texts of static/js, handed over as JSON so that no script holds a language."""
    return {
        "copied": _("Copied"),
        "leave": _("What you wrote is not saved yet. Leave this page?"),
        "restored": _("Your draft of %(time)s is back."),
        "discard": _("Discard draft"),
        "draftKept": _("Draft kept in this browser"),
        "remove": _("Remove %(name)s"),
        "tooBig": _("%(name)s is larger than %(limit)s and was not added."),
        "tooMany": _("At most %(limit)s files."),
        "uploading": _("Uploading %(percent)s%%"),
        "uploaded": _("uploaded"),
        "waitingForNet": _("The connection is gone at %(percent)s%%. It goes on by itself; leave the page open."),
        "chooseAgain": _("Not there in full. Choose this file again: it goes on where it stopped."),
        "halfThere": _("“%(name)s” is not there in full. Choose it again or take it off the list, then send the form."),
        "sendsByItself": _("A file is still on its way. The form is sent by itself when it is there."),
        "recording": _("Stop recording %(time)s"),
        "voice": _("Voice"),
        "noMicrophone": _("The microphone cannot be used. Allow it in your browser, or choose a recording as a file."),
        "uploadFailed": _("The connection broke. What you wrote is still here; please send again."),
        "close": _("Close"),
        "offline": _("You are offline. What you write is kept in this browser."),
        "online": _("Back online"),
        "failed": _("The server did not answer. Please try again."),
        "noMatch": _("Nothing found"),
    }
