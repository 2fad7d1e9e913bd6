"""Controls written in Python are what Django's templates would have given."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from common.form_renderer import WRITTEN, FormRenderer

CHOICES = [
    ("", "—"),
    ("a&b", "<b>&'\""),
    (3, _("Status")),
    ("客服 <部>", [("x", "甲"), ("y", mark_safe("<i>乙</i>"))]),
    (None, "nothing"),
]
NASTY = {"id": "a-1", "class": "input wide", "data-x": "\"><script>'&", "required": True, "hidden": False, "rows": 6}


@pytest.mark.parametrize("value", [None, "", "a&b", 3, "x", '"><script>', 0, 12345, "多行\n文字 </textarea>"])
@pytest.mark.parametrize("attrs", [{}, NASTY])
@pytest.mark.parametrize(
    "widget",
    [
        forms.Select(choices=CHOICES), forms.SelectMultiple(choices=CHOICES), forms.TextInput(), forms.HiddenInput(),
        forms.NumberInput(), forms.EmailInput(), forms.DateInput(), forms.DateTimeInput(), forms.CheckboxInput(),
        forms.Textarea(), forms.RadioSelect(choices=CHOICES[:3]), forms.PasswordInput(),
        forms.ClearableFileInput(), forms.NullBooleanSelect(),
    ],
    ids=lambda widget: type(widget).__name__,
)  # fmt: skip
def test_a_control_is_the_same_sign_by_sign(widget, attrs, value):
    given = [value] if isinstance(widget, forms.SelectMultiple) else value
    own = widget.render("na<me", given, attrs, renderer=FormRenderer())
    assert own == widget.render("na<me", given, attrs, renderer=DjangoTemplates())


class Sender(forms.Form):
    way = forms.ChoiceField(label="<Way>", choices=CHOICES[:3], widget=forms.RadioSelect(attrs=NASTY))
    many = forms.MultipleChoiceField(choices=CHOICES[:3], widget=forms.CheckboxSelectMultiple)


def test_the_single_boxes_of_a_group_are_the_same_sign_by_sign():
    initial = {"way": "a&b", "many": ["a&b", 3]}
    own, djangos = (Sender(initial=initial, renderer=kind()) for kind in (FormRenderer, DjangoTemplates))
    for name in ("way", "many"):
        boxes = [(one.tag(), str(one)) for one in own[name]]  # alone, and with its label around it
        assert boxes == [(one.tag(), str(one)) for one in djangos[name]]
        assert len(boxes) == 3


def test_plain_controls_are_written_without_templates(monkeypatch):
    monkeypatch.setattr(DjangoTemplates, "render", lambda *_args, **_options: pytest.fail("a template was rendered"))
    for widget in (forms.Select(choices=CHOICES), forms.TextInput(), forms.Textarea(), forms.CheckboxInput()):
        assert "x" in widget.render("x", None, {}, renderer=FormRenderer())
    assert len(WRITTEN) == 12


@pytest.mark.parametrize(("required", "words"), [(True, "请选择"), (False, "不指定")])
def test_a_select_without_a_choice_says_so_in_words_and_sends_nothing(required, words):
    field = forms.ChoiceField(choices=[("", "---------"), ("a", "---------")], required=required)
    shown = field.widget.render("x", None, {}, renderer=FormRenderer())
    assert f'<option value="" selected>{words}</option>' in shown
    assert '<option value="a">---------</option>' in shown  # somebody's own word is left alone
