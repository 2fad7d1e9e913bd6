"""Plain controls written without templates: a select of sixty people is 120 small templates otherwise.

The same HTML as Django's own templates give, sign by sign (`tests/common/test_form_renderer.py`), but for the dashes of
a select without a choice, which tell nobody anything; whatever is not here is rendered by them.
"""

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common.drawings import drawing_of

Widget = Mapping[str, Any]
FOLDER = "django/forms/widgets/"
OPTION = FOLDER + "select_option.html"
DASHES = BLANK_CHOICE_DASH[0][1]
"""What Django writes for "nothing chosen" where a form says no word of its own."""


def attributes(attrs: Mapping[str, Any]) -> str:
    return "".join(
        f" {escaped(name)}" if value is True else f' {escaped(name)}="{escaped(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def escaped(value: Any) -> str:
    """As `conditional_escape`, which looks for lazy texts among its arguments; that takes longer than the escaping."""
    text = value if isinstance(value, str) else str(value)
    return text.__html__() if hasattr(text, "__html__") else html.escape(text)


def select(widget: Widget) -> str | None:
    parts = [f'<select name="{escaped(widget["name"])}"{attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{escaped(group)}">')
        for option in options:
            if option["template_name"] != OPTION:
                return None
            marks = attributes(option["attrs"]) if option["attrs"] else ""
            value, label = option["value"], option["label"]
            if label == DASHES and not value:
                label = _("Please choose") if widget["required"] else _("Not specified")
            parts.append(f'\n  <option value="{escaped(value)}"{marks}>{escaped(label)}</option>\n')
        if group:
            parts.append("\n  </optgroup>")
    return "".join([*parts, "\n</select>\n"])


def box(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{escaped(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{escaped(widget["name"])}"{value}{attributes(widget["attrs"])}>\n'


def textarea(widget: Widget) -> str:
    value = escaped(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{escaped(widget["name"])}"{attributes(widget["attrs"])}>\n{value}</textarea>\n'


def option_of_many(widget: Widget) -> str | None:
    return None if widget["wrap_label"] else box(widget)


BOXES = ("input", "text", "hidden", "number", "email", "date", "datetime", "checkbox")
WRITTEN: dict[str, Callable[[Widget], str | None]] = {
    FOLDER + "select.html": select,
    FOLDER + "textarea.html": textarea,
    **{f"{FOLDER}{name}.html": box for name in BOXES},
    **{f"{FOLDER}{name}_option.html": option_of_many for name in ("radio", "checkbox")},
}


def labelled(
    bound: BoundField, control: str, *, id: str, hint: Any, errors: Sequence[Any], optional: str, around: bool
) -> SafeString:
    """A control with its label, hint and errors, as `ui/fieldset.html` does for a group: a page with its moves has forty.

    `optional` is the mark of a field that may be left out, or nothing; `around`: the label holds the control (checkbox).
    """
    mark = f' <span class="optional">{escaped(optional)}</span>' if optional else ""
    label = escaped(bound.label)
    first = f'<label class="check">{control}{label}</label>' if around else f'<label for="{id}">{label}{mark}</label>'
    parts = [f'<div class="field{" bad" if errors else ""}">\n  {first}']
    if hint:
        parts.append(f'\n  <span class="hint" id="{id}-hint">{escaped(hint)}</span>')
    if errors:
        said = " ".join(escaped(error) for error in errors)
        parts.append(f'\n  <span class="error" id="{id}-error">{drawing_of("triangle-alert", "icon s")}{said}</span>')
    parts.append("\n</div>" if around else f"\n  {control}\n</div>")
    return mark_safe("".join(parts))  # safe: label, hint and errors went through `escaped`; the control is Django's own


class FormRenderer(DjangoTemplates):
    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        write = WRITTEN.get(template_name)
        found = write(context["widget"]) if write and "widget" in context else None
        return mark_safe(super().render(template_name, context, request) if found is None else found.strip())
