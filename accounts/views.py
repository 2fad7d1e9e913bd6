"""Signing in and out, one's own settings, the language."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services, sign_in
from accounts.forms import OwnSettingsForm, PasswordForm, SignInForm
from accounts.middleware import SESSION_KEY
from accounts.models import User
from accounts.throttles import limited
from common import ways_back

YEAR = 365 * 24 * 3600
DEMO_PEOPLE = ("lin", "chen", "gao", "zhou", "he", "xu", "tang", "admin")


def home_of(person: User) -> str:
    """The page that a person's work starts from: the desk says what there is to do, whatever the roles."""
    return resolve_url(settings.LOGIN_REDIRECT_URL)


@sensitive_post_parameters("password")
@never_cache
@limited("login")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated and request.method != "POST":
        return redirect(ways_back.wanted(request, "") or home_of(request.user))
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            person, status = _attempt(request, form)
            if person:
                start_session(request, person)
                request.session[SESSION_KEY] = person.language
                return redirect(ways_back.wanted(request, "") or home_of(person))
    context = {"form": form, "next": ways_back.wanted(request, "")}
    if "idle" in request.GET:  # signed out by the page itself, which could leave no message
        context["idle"] = settings.SESSION_IDLE_MINUTES
    if settings.DEMO:
        context["demo_people"] = User.objects.active().filter(username__in=DEMO_PEOPLE).select_related("department")
    return render(request, "accounts/login.html", context, status=status)


@require_safe
def admin_login(request: HttpRequest) -> HttpResponse:
    """The settings pages lead whoever may not open them here: a stranger to the one login, a colleague to a 403."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied
    return redirect(f"{resolve_url('accounts:login')}?{request.GET.urlencode()}")


def _attempt(request: HttpRequest, form: SignInForm) -> tuple[User | None, int]:
    now = timezone.now()
    username, password = form.cleaned_data["username"], form.cleaned_data["password"]
    if minutes := sign_in.minutes_to_wait(username, request=request, at=now):
        text = ngettext(
            "Too many attempts. Try again in %(n)s minute.", "Too many attempts. Try again in %(n)s minutes.", minutes
        )
        form.add_error(None, text % {"n": minutes})
        return None, 429
    person = sign_in.try_to_sign_in(request, username=username, password=password, at=now)
    if person is None:
        form.add_error(None, _("User name and password do not fit."))
    return person, 422


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    end_session(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@login_required
@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """A sign of life: somebody types (`accounts.idle` has noted it)."""
    return HttpResponse(status=204)


@sensitive_post_parameters("current", "new")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Two forms on one page; the button that was pressed says which one was sent."""
    person = request.user
    wants_password = "change_password" in request.POST
    own = OwnSettingsForm(None if wants_password else request.POST or None, instance=person)
    password = PasswordForm(request.POST if wants_password else None, person=person)
    if request.method == "POST" and wants_password and password.is_valid():
        services.change_password(person, password=password.cleaned_data["new"], at=timezone.now())
        update_session_auth_hash(request, person)
        messages.success(request, _("Your password is changed. Other sessions and your tokens have ended."))
        return redirect("accounts:profile")
    if request.method == "POST" and not wants_password and own.is_valid():
        own.instance.save(update_fields=own.changed_data or ["language"])
        response = redirect("accounts:profile")
        _keep_language(request, response, person.language)
        with translation.override(person.language):
            messages.success(request, _("Saved."))
        return response
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/profile.html", {"own": own, "password": password}, status=status)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages; a signed-in person's choice is kept with the person."""
    response = redirect(ways_back.wanted(request))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        _keep_language(request, response, language)
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(language=language)
    return response


def _keep_language(request: HttpRequest, response: HttpResponse, language: str) -> None:
    if request.user.is_authenticated:
        request.session[SESSION_KEY] = language
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax", secure=request.is_secure()
    )
