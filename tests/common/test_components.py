"""The component tags: what they say, in both languages, and that hostile text stays text."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe

from common import wording

NOW = datetime(2026, 11, 23, 14, 48, tzinfo=ZoneInfo("Asia/Shanghai"))
HOSTILE = '"><script>alert(1)</script>'


def shown(source: str, **context) -> str:
    return Template(source).render(
        Context({"now": NOW, "request": RequestFactory().get("/?sort=x&after=9"), **context})
    )


@pytest.mark.parametrize(
    ("due", "soon", "paused", "tone", "words"),
    [
        (44, 60, False, "ok", "44 min left"),
        (44, -5, False, "soon", "44 min left"),
        (-128, -200, False, "late", "Overdue 2 h 8 min"),
        (44, -5, True, "hold", "Paused"),
    ],
)
def test_a_due_mark_says_its_state_by_class_shape_and_word(due, soon, paused, tone, words):
    with translation.override("en"):
        html = shown(
            "{% due due soon paused %}",
            due=NOW + timedelta(minutes=due),
            soon=NOW + timedelta(minutes=soon),
            paused=paused,
        )
    assert f'class="due {tone}"' in html
    assert words in html
    assert "<svg" in html


def test_the_four_marks_have_four_shapes():
    moments = {"due": NOW + timedelta(hours=1), "gone": NOW - timedelta(hours=1)}
    marks = "{% due due %}|{% due due gone %}|{% due gone %}|{% due due paused=True %}"
    shapes = {part.split("</svg>")[0].split("aria-hidden")[1] for part in shown(marks, **moments).split("|")}
    assert len(shapes) == 4


def test_the_moment_of_falling_due_is_overdue_and_one_second_before_is_not():
    assert 'class="due late"' in shown("{% due t %}", t=NOW)
    assert 'class="due ok"' in shown("{% due t %}", t=NOW + timedelta(seconds=1))


def test_a_due_mark_carries_the_absolute_time_with_its_zone():
    with translation.override("zh-hans"):
        html = shown("{% due t %}", t=NOW + timedelta(days=4, hours=3, minutes=12))
    assert "2026年11月27日 18:00 (UTC+8)" in html
    assert 'datetime="2026-11-27T18:00:00+08:00"' in html


def test_a_clock_met_after_its_limit_is_late_for_good():
    html = shown("{% due due met_at=met now=later %}", due=NOW, met=NOW + timedelta(1), later=NOW + timedelta(9))
    assert 'class="due late"' in html


@pytest.mark.parametrize(("language", "text"), [("zh-hans", "2026年3月2日 09:00"), ("en", "2 Mar 2026, 09:00")])
def test_moments_are_written_the_way_of_the_language(language, text):
    with translation.override(language):
        assert wording.moment(datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))) == text


def test_a_span_keeps_two_units_and_from_three_days_only_days():
    with translation.override("en"):
        told = [wording.span(timedelta(**t)) for t in ({"seconds": 59}, {"minutes": 60}, {"hours": 27}, {"hours": 73})]
    assert told == ["under 1 min", "1 h", "1 day 3 h", "3 days"]


def test_a_masked_value_never_reaches_the_page():
    html = shown(
        '{% masked p "phone" %}{% masked m "mail" %}{% masked n %}', p="13812342046", m="wang@a.cn", n="王小明"
    )
    assert "138****2046" in html
    assert "w***@a.cn" in html
    assert "1234" not in html and "wang" not in html and "小明" not in html


@pytest.mark.parametrize(
    "source",
    [
        "{% badge t %}",
        "{% face t %}{% count 1 unit=t %}{% kbd t %}",
        "{% bar 10 t %}",
        "{% masked t %}",
        "{% panel t id='p' aside=t %}{{ t }}{% endpanel %}",
        "{% empty t %}{{ t }}{% endempty %}",
        "{% notice t %}{{ t }}{% endnotice %}",
        "{% scroll t %}{{ t }}{% endscroll %}",
        "{% dialog 'd' t %}{{ t }}{% enddialog %}",
        "{% menu t %}{{ t }}{% endmenu %}",
        "{% stages steps t %}{% timeline steps %}",
        "{% pager 1 2 t t t %}{% sort_header t t t %}",
        "{% due late why=t paused=True %}",
        "{% icon 'search' label=t %}",
    ],
)
def test_hostile_text_stays_text_in_every_component(source):
    steps = [{"label": HOSTILE, "note": HOSTILE, "text": HOSTILE, "state": "now", "at": NOW}]
    assert "<script" not in shown(source, t=HOSTILE, steps=steps, late=NOW)


class Letter(forms.Form):
    phone = forms.CharField(label="Phone", help_text="Eleven digits")
    way = forms.ChoiceField(label="Way", widget=forms.RadioSelect, choices=[("a", "A"), ("b", HOSTILE)])
    note = forms.CharField(label=HOSTILE, required=False)


def test_a_field_in_error_names_its_hint_and_its_error_to_screen_readers():
    html = shown("{% field form.phone %}", form=Letter({}))
    assert 'aria-describedby="id_phone-hint id_phone-error"' in html
    assert 'aria-invalid="true"' in html
    assert html.index('id="id_phone-hint"') < html.index("<input")
    assert 'for="id_phone"' in html


class Agreement(forms.Form):
    agreed = forms.BooleanField(label=mark_safe("I <em>agree</em>"), help_text=HOSTILE)

    def clean(self):
        self.add_error("agreed", HOSTILE)


def test_a_field_is_marked_up_sign_by_sign():
    with translation.override("en"):
        html = shown("{% field form.note hint=h rows=2 %}", form=Letter(), h="a < b")
    label = html[html.index("<label") : html.index("</label>")]
    assert "<script" not in html and label.endswith('<span class="optional">optional</span>')
    assert html.replace(label, "LABEL") == (
        '<div class="field">\n  LABEL</label>\n  <span class="hint" id="id_note-hint">a &lt; b</span>\n'
        '  <input type="text" name="note" rows="2" class="input" aria-describedby="id_note-hint" id="id_note">\n</div>'
    )


def test_a_box_to_tick_stands_in_its_label_and_what_is_said_of_it_stays_text():
    html = shown("{% field form.agreed %}", form=Agreement({}))
    assert '<label class="check"><input type="checkbox"' in html and "I <em>agree</em></label>" in html
    assert html.startswith('<div class="field bad">') and 'id="id_agreed-error"><svg' in html
    assert "<script" not in html and html.count("&lt;script") >= 2 and "optional" not in html


def test_a_group_of_radio_buttons_is_a_fieldset_with_a_legend():
    html = shown("{% field form.way %}", form=Letter())
    assert "<fieldset" in html and "<legend>Way" in html
    assert "<script" not in html


def test_the_error_summary_leads_to_each_field_and_is_silent_without_errors():
    html = shown("{% errors form %}", form=Letter({}))
    assert 'href="#id_phone"' in html and 'role="alert"' in html and 'tabindex="-1"' in html
    assert shown("{% errors form %}", form=Letter({"phone": "1", "way": "a"})) == ""


def test_only_fields_that_may_be_left_out_are_marked():
    with translation.override("en"):
        assert "optional" in shown("{% field form.note %}", form=Letter())
        assert "optional" not in shown("{% field form.phone %}", form=Letter())


def test_a_sort_header_turns_round_and_forgets_the_place_in_the_list():
    html = shown('{% sort_header "due_at" "Due" "due_at" %}')
    assert 'aria-sort="ascending"' in html
    assert "sort=-due_at" in html and "after" not in html
    assert "aria-sort" not in shown('{% sort_header "number" "Number" "due_at" %}')


def test_an_unknown_icon_is_an_error_and_a_known_one_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in shown("{% icon 'search' %}")
    with pytest.raises(Exception, match="does not exist"):
        shown("{% icon 'no-such-icon' %}")


def test_components_obey_the_content_policy():
    html = shown("{% bar 50 'x' %}{% due t %}{% empty 'x' %}y{% endempty %}{% stars %}", t=NOW)
    assert "style=" not in html and "<style" not in html
