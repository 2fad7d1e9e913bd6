"""The components of the interface as template tags, loaded in every template. templates/README.md shows each in use."""

import re
from datetime import datetime

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common import form_renderer, masks, wording
from common.drawings import drawing_of

register = template.Library()
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")

MARKS = {
    "ok": '<circle cx="5" cy="5" r="4.5"/>',
    "soon": '<path d="m5 0 5 5-5 5-5-5z"/>',
    "late": '<path d="M5 .5 10 9.500H0z"/>',
    "hold": '<path d="M1.500.5H4v9H1.500zM6 .5h2.500v9H6z"/>',
}
NOTICE_ICONS = {"good": "check", "warn": "circle-alert", "bad": "triangle-alert"}


@register.simple_tag
def icon(name: str, size: str = "s", label: str = "") -> SafeString:
    """`s` 16, empty 18, `l` 24 pixels. Hidden from screen readers; `label` adds a word for them."""
    svg = drawing_of(str(name), f"icon {size}".strip())
    return format_html('{}<span class="sr">{}</span>', svg, label) if label else svg


def mark(tone: str) -> SafeString:
    return mark_safe(f'<svg viewBox="0 0 10 10" aria-hidden="true">{MARKS[tone]}</svg>')


# --- time ---------------------------------------------------------------------------------------
def due_state(*, due_at, soon_at, paused, now, met_at=None) -> str:
    """Which of the four marks. A met clock is judged by the moment it was met; a pause beats the rest."""
    if met_at:
        return "late" if due_at and met_at > due_at else "ok"
    if paused or due_at is None:
        return "hold"
    if now >= due_at:
        return "late"
    return "soon" if soon_at and now >= soon_at else "ok"


@register.simple_tag(takes_context=True)
def due(context, due_at=None, soon_at=None, paused=False, now=None, met_at=None, brief=False, absolute=True, why=""):
    """A mark of time: shape, word and colour, the remaining time, the absolute time beside it.

    `paused` may be the moment of the pause, then its length is told. `brief` hides the word from sight (tables);
    `absolute=False` leaves the time of day out; `why` follows a pause ("waiting for the customer").
    """
    now = now or context.get("now")
    tone = due_state(due_at=due_at, soon_at=soon_at, paused=paused, now=now, met_at=met_at)
    if met_at:
        lead, rest = (_("Late"), "") if tone == "late" else (_("On time"), "")
    elif tone == "hold":
        length = wording.span(now - paused) if isinstance(paused, datetime) else ""
        lead, rest = (_("Paused") if paused else _("No limit")), length or why
    elif tone == "late":
        lead, rest = _("Overdue"), wording.span(now - due_at)
    else:
        lead = _("Due soon") if tone == "soon" else _("On time")
        rest = _("%(span)s left") % {"span": wording.span(due_at - now)}
    hidden = brief and tone in ("ok", "soon") and rest
    if hidden:
        word = mark_safe(f'<span class="sr">{lead}</span> {rest}')  # safe: words of the catalog
    elif rest and tone in ("ok", "soon"):
        word = _("%(state)s, %(rest)s") % {"state": lead, "rest": rest}
    else:
        word = f"{lead} {rest}".strip()
    shown = f'<span class="due {tone}">{mark(tone)}<span>{form_renderer.escaped(word)}</span></span>'
    if absolute and due_at is not None:
        title, text = wording.moment_with_zone(due_at)[1], wording.moment_beside(due_at, now=now)
        shown += f' <time class="quiet" datetime="{due_at.isoformat(timespec="seconds")}" title="{title}">{text}</time>'
    return mark_safe(shown)  # safe: the word is escaped, the rest are digits and words of the catalog


@register.simple_tag(takes_context=True)
def at(context, value, full=False):
    """A moment as `<time>`; dense pages get the short form, `full=True` the long one. Nothing for nothing."""
    if not value:
        return ""
    long, title = wording.moment_with_zone(value)
    text = long if full else wording.moment_beside(value, now=context["now"])
    # safe: digits, and words of the catalog
    return mark_safe(f'<time datetime="{value.isoformat(timespec="seconds")}" title="{title}">{text}</time>')


@register.filter
def linked(text: str) -> SafeString:
    """Addresses in a text can be pressed. Chinese marks and letters end one; Django's `urlize` would take them along."""
    parts: list[str] = []
    behind = 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(".,;:!?'")
        if "(" not in address:
            address = address.rstrip(")")
        parts += [text[behind : found.start()], format_html('<a href="{0}" rel="nofollow">{0}</a>', address)]
        behind = found.start() + len(address)
    return format_html_join("", "{}", ((part,) for part in (*parts, text[behind:])))


register.filter("when", lambda value: wording.moment(value) if value else "")
register.filter("day", lambda value: wording.day(value) if value else "")
register.filter("span", lambda value: "—" if value is None else wording.span(value))
register.filter("money", wording.money)
register.filter("work_hours", lambda value: "—" if value is None else wording.work_hours(value))
register.filter("figure", lambda value, places=0: wording.number(value, int(places)))


# --- small marks --------------------------------------------------------------------------------
@register.simple_tag
def badge(text, tone: str = "", icon: str = "") -> SafeString:
    """`tone`: good, warn, bad, accent, line, l1, or one of the four marks of time."""
    return format_html('<span class="badge {}">{}{}</span>', tone, drawing_of(icon, "icon") if icon else "", text)


@register.simple_tag
def count(number: int, hot: bool = False, cap: int = 0, unit: str = "") -> SafeString:
    """A number in a pill; above `cap` it reads `999+`. `unit` is for screen readers."""
    text = f"{cap}+" if cap and number > cap else number
    return format_html(
        '<span class="count{}">{}{}</span>',
        " hot" if hot else "",
        text,
        format_html('<span class="sr"> {}</span>', unit) if unit else "",
    )


@register.simple_tag
def face(name, large: bool = False, me: bool = False) -> SafeString:
    """The first letter of a name in a circle; decoration, so the name must stand beside it."""
    classes = "face" + (" l" if large else "") + (" me" if me else "")
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, str(name or "?")[:1].upper())


@register.simple_tag
def masked(value, kind: str = "text") -> SafeString:
    """A private value as far as one may see it: `phone`, `mail` or `text`. The value itself never reaches the page."""
    hide = {"phone": masks.phone, "mail": masks.email}.get(kind, masks.name)
    return format_html('<span title="{}">{}</span>', _("Partly hidden"), hide(str(value or "")))


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """`{% kbd "Ctrl Enter" %}`."""
    return format_html_join(" ", "<kbd>{}</kbd>", ((key,) for key in keys.split()))


@register.simple_tag
def bar(percent, label: str, tone: str = "") -> SafeString:
    """A thin bar; drawn as SVG because a style attribute would be refused by the content policy."""
    width = max(0, min(100, round(float(percent or 0))))
    return format_html(
        '<svg class="bar {}" role="img" aria-label="{}" preserveAspectRatio="none">'
        '<rect width="{}%" height="100%"/></svg>',
        tone,
        label,
        width,
    )


# --- forms --------------------------------------------------------------------------------------
@register.simple_tag
def field(bound: BoundField, hint: str = "", optional: bool = True, **attributes) -> SafeString:
    """Label, hint, error and control of one form field, tied together for screen readers.

    Radio buttons and checkbox groups become a fieldset. `optional=False` drops the mark; other keywords
    become attributes of the control (`rows=6`, `data_draft=1` → data-draft).
    """
    widget = bound.field.widget
    grouped = isinstance(widget, (RadioSelect, CheckboxSelectMultiple))
    hint, errors = hint or bound.help_text, bound.errors  # asked for once: each look makes a list
    id = conditional_escape(bound.id_for_label or bound.auto_id)
    described = [f"{id}-{part}" for part, there in (("hint", bool(hint)), ("error", bool(errors))) if there]
    attrs = {name.replace("_", "-"): value for name, value in attributes.items()}
    if not grouped and not isinstance(widget, CheckboxInput):
        attrs["class"] = f"input {widget.attrs.get('class', '')}".strip()
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if errors:
        attrs["aria-invalid"] = "true"
    optional = optional and not bound.field.required
    if not grouped:
        around = isinstance(widget, CheckboxInput)
        mark = _("optional") if optional and not around else ""
        control = bound.as_widget(attrs=attrs)
        return form_renderer.labelled(bound, control, id=id, hint=hint, errors=errors, optional=mark, around=around)
    context = {"field": bound, "id": id, "described": " ".join(described), "hint": hint, "optional": optional}
    return mark_safe(render_to_string("ui/fieldset.html", context))  # safe: the template escapes what it is given


@register.simple_tag
def errors(*forms: BaseForm) -> SafeString:
    """The summary above a form in error: takes the focus, each line leads to its field. Nothing without errors."""
    found = []
    for form in forms:
        for name, messages in form.errors.items():
            bound = form[name] if name in form.fields else None
            target = (bound.id_for_label or bound.auto_id) if bound else ""
            words = {"label": str(bound.label).rstrip("?？") if bound else ""}
            found += [(target, _("%(label)s: %(message)s") % {**words, "message": m} if bound else m) for m in messages]
    return mark_safe(render_to_string("ui/errors.html", {"found": found})) if found else mark_safe("")


# --- the rail -----------------------------------------------------------------------------------
@register.simple_tag
def place(entry, minor: bool = False) -> SafeString:
    """One place of the rail, of which a page of the office shows seventy; hence no template for each."""
    return format_html(
        '<a class="go{}" href="{}"{}>{}<span class="word">{}</span>{}</a>\n',
        " minor" if minor else "",
        entry.url,
        mark_safe(' aria-current="page"') if entry.here else "",  # safe: written here
        drawing_of(entry.icon, "icon"),
        entry.label,
        count(entry.count, entry.hot, 99) if entry.count else "",
    )


# --- boxes --------------------------------------------------------------------------------------
@register.simple_block_tag
def panel(content, title, id="", aside="", level=2, body=True, roomy=False, more=""):
    """A box with a heading. `aside` stands at the right of it; `body=False` when lists or tables fill the box; `more` is
    where all of it stands.
    """
    return _shown("ui/panel.html", locals())


@register.simple_block_tag
def notice(content, tone="", icon="", role=""):
    """A remark with a coloured edge: plain, `good`, `warn` or `bad`."""
    return _shown("ui/notice.html", {**locals(), "icon": icon or NOTICE_ICONS.get(tone, "info")})


@register.simple_block_tag
def empty(content, title, drawing="tray", level=3):
    """Nothing here, and what to do about it. Drawings: tray, search, plug, lock, cloud, letter, chart, map."""
    return _shown("ui/empty.html", locals())


@register.simple_block_tag
def scroll(content, label):
    """A wide table's own box: it has a name and takes the focus, so that the keyboard can scroll it."""
    return _shown("ui/scroll.html", locals())


@register.simple_block_tag
def dialog(content, id, title):
    """A modal box; a control with `data-opens="#id"` shows it. Its last child should be a `<footer>` of buttons."""
    return _shown("ui/dialog.html", locals())


@register.simple_block_tag
def menu(content, label, icon="chevron-down", bare=True, word=True):
    """A button that opens a list of links or buttons; works without a script."""
    return _shown("ui/menu.html", locals())


def _shown(name: str, context: dict) -> SafeString:
    return mark_safe(render_to_string(name, context))


# --- lists --------------------------------------------------------------------------------------
@register.inclusion_tag("ui/pager.html")
def pager(first=0, last=0, previous_url="", next_url="", note=""):
    """Seek pager without a total: `first`–`last` of this page, then the two directions."""
    return locals()


@register.inclusion_tag("ui/sort_header.html", takes_context=True)
def sort_header(context, name, label, current="", param="sort", numeric=False, hide=False):
    """A `<th>` that sorts. `current` is the value now in the address: `name`, `-name` or another."""
    direction = {name: "ascending", f"-{name}": "descending"}.get(current, "")
    query = context["request"].GET.copy()
    for gone in ("after", "before", "page"):
        query.pop(gone, None)
    query[param] = f"-{name}" if direction == "ascending" else name
    return {"label": label, "direction": direction, "query": query.urlencode(), "numeric": numeric, "hide": hide}


@register.inclusion_tag("ui/stages.html")
def stages(steps, label=""):
    """Steps in a line. Each: {label, note, state} with state `done`, `now` or empty."""
    return {"steps": steps, "label": label}


@register.inclusion_tag("ui/timeline.html", takes_context=True)
def timeline(context, steps, tight=False, full=False):
    """Moments in a column. Each: {label, text, at, note, state}; `tight` puts the time at the right."""
    return {"steps": steps, "tight": tight, "full": full, "now": context["now"]}


@register.inclusion_tag("ui/bones.html")
def bones(lines=6):
    """The shape of what is being loaded."""
    return {"lines": range(int(lines))}


@register.inclusion_tag("ui/stars.html")
def stars(name="stars", value=0, legend=""):
    """Five stars as radio buttons."""
    words = [_("very dissatisfied"), _("dissatisfied"), _("fair"), _("satisfied"), _("very satisfied")]
    return {"name": name, "value": value, "legend": legend, "choices": list(enumerate(words, start=1))}


# --- figures ------------------------------------------------------------------------------------
@register.inclusion_tag("ui/chart.html")
def chart(figure):
    """A `common.charts.Chart` with its table beneath."""
    return {"figure": figure}


@register.inclusion_tag("ui/heat.html")
def heat(table, caption):
    """A table of `common.charts.heat_table`; add `url` to a cell to make it a link."""
    return {"heat": table, "caption": caption}
