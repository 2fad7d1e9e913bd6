"""The knowledge base from inside: the list, the editor with its preview, older versions, and who reads what."""

from typing import Any

from django.contrib import messages
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import role_required
from common.text import whole_number
from knowledge import answers, services
from knowledge.access import WRITES, may_change, may_publish
from knowledge.forms import ArticleForm
from knowledge.models import WORDS, Article, ArticleVersion

writers = role_required(*WRITES)
MOST = 200
VERSIONS = 50
Readers = Article.Readers


@require_safe
@writers
def articles(request: HttpRequest) -> HttpResponse:
    """All of them, what waits for a decision first; by words and by who reads them. Three queries."""
    asked, words = request.GET.get("readers", ""), request.GET.get("q", "").strip()[:100]
    newest = ArticleVersion.objects.filter(article=OuterRef("pk")).order_by("-number")
    english = (get_language() or "").startswith("en")
    called = Coalesce(NullIf("by__name_en", Value("")), "by__name") if english else F("by__name")
    last_by = Subquery(newest.values(called=called)[:1])
    found = Article.objects.holding(words.split()).annotate(last_by=last_by)
    counts = found.numbers()
    if asked in Readers.values:
        found = found.for_readers(asked)
    choices = [(value, label, counts.get(value, 0)) for value, label in Readers.choices]
    context = {
        "rows": list(found.order_by("is_offered", "-updated_at", "pk")[:MOST]),
        "asked": asked, "words": words, "choices": choices, "total": sum(counts.values()), "most": MOST,
    }  # fmt: skip
    return render(request, "knowledge/articles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@writers
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write or change one. `preview` shows it as customers would read it, and saves nothing; `version` takes up an older one."""
    article = get_object_or_404(Article, pk=pk) if pk else Article(is_offered=False)
    title, may = article.question or _("New answer"), may_change(request.user, article)
    versions = list(article.versions.select_related("by")[:VERSIONS]) if pk else []
    older = next((one for one in versions if str(one.number) == request.GET.get("version")), None) if may else None
    form = ArticleForm(request.POST or None, instance=article, initial=begun(request, versions, older))
    preview, newer, status = None, None, 200
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST" and "preview" in request.POST:
        preview = previewed(form)
    elif request.method == "POST":
        try:
            saved = save(request, pk, form)
        except services.ChangedMeanwhile as refused:
            newer, status = refused.newer, 409
        else:
            messages.success(request, told(saved))
            return redirect(saved)
    choices = Readers.choices if pk and may_publish(request.user) else ()
    context = {
        "article": article, "title": title, "form": form, "may": may, "preview": preview, "newer": newer,
        "versions": versions, "older": older, "choices": choices,
    }  # fmt: skip
    return render(request, "knowledge/edit.html", context, status=status)


def begun(request: HttpRequest, versions: list[ArticleVersion], older: ArticleVersion | None) -> dict[str, Any]:
    """What the form begins with beside the article: the version seen, an older one's words, the problem that asks for it."""
    start: dict[str, Any] = {"since": versions[0].number if versions else 0}
    if older is not None:
        start |= {name: getattr(older, name) for name in WORDS}
    if request.GET.get("problem", "").isdecimal():
        start["problem"] = request.GET["problem"]
    return start


def save(request: HttpRequest, pk: int | None, form: ArticleForm) -> Article:
    given = {"words": form.written, "problem": form.cleaned_data["problem"], "by": request.user, "at": timezone.now()}
    if pk is None:
        return services.write(**given)
    return services.change(form.instance, since=form.cleaned_data["since"], **given)


def told(article: Article) -> str:
    return {
        Readers.NOBODY: _("Saved as a draft. The feedback office decides who reads it."),
        Readers.HOUSE: _("Saved. Colleagues can use it."),
        Readers.PUBLIC: _("Saved. Customers read it."),
    }[article.readers]


def previewed(form: ArticleForm) -> dict[str, Any]:
    """As customers would read it, and what is answered already that sounds alike."""
    given = form.written
    alike = [one.article for one in answers.find(given["question"], inside=True) if one.article.pk != form.instance.pk]
    return {"given": given, "alike": alike}


@require_POST
@writers
def readers(request: HttpRequest, pk: int) -> HttpResponse:
    """Who reads it from now on."""
    article = get_object_or_404(Article, pk=pk)
    wanted, since = request.POST.get("readers", ""), whole_number(request.POST.get("since", ""))
    if wanted not in Readers.values or since is None:
        return HttpResponseBadRequest()
    try:
        saved = services.show(article, readers=wanted, since=since, by=request.user, at=timezone.now())
    except services.ChangedMeanwhile as refused:
        messages.error(
            request, _("%(why)s Nothing was changed; please look at the current version first.") % {"why": refused}
        )
    else:
        messages.success(request, shown(saved))
    return redirect(article)


def shown(article: Article) -> str:
    return {
        Readers.NOBODY: _("Withdrawn. It is a draft again."),
        Readers.HOUSE: _("Now for colleagues only; customers do not see it."),
        Readers.PUBLIC: _("Published. Customers read it."),
    }[article.readers]
