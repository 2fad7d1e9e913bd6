"""Invented matter for the page that shows every component (`ui/states.html`). Names and figures mean nothing."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import charts
from common.provinces import TILES
from common.wording import in_chinese

NOW = datetime(2026, 11, 23, 14, 48, tzinfo=ZoneInfo("Asia/Shanghai"))


class SpecimenForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=40)
    department = forms.ChoiceField(
        label=gettext_lazy("Department"),
        required=False,
        choices=[("", "—"), ("1", gettext_lazy("After-sales service"))],
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), help_text=gettext_lazy("The customer will read this"), widget=forms.Textarea
    )
    way = forms.ChoiceField(
        label=gettext_lazy("Way"),
        widget=forms.RadioSelect,
        choices=[("sms", gettext_lazy("SMS")), ("phone", gettext_lazy("Phone"))],
    )
    tell = forms.BooleanField(label=gettext_lazy("Tell the customer"), required=False)


def context() -> dict:
    """Everything `ui/states.html` shows, seen at one fixed moment."""
    months = [f"{month}月" if in_chinese() else str(month) for month in range(1, 13)]
    rate = [95.1, 94.8, 95.6, 96.0, 95.2, None, 94.9, 94.6, 94.1, 93.8, 94.4, 95.3]
    before = [93.0, 93.4, 94.1, 94.0, 94.6, 94.9, 95.0, 94.7, 94.2, 94.5, 94.4, 94.9]
    weekly = [898, 912, 861, 930, 905, 880, 921, 884, 1187, 940, 902, 915]
    subjects = [_("Air conditioner leaks after installation"), _("Delivery charged extra for the stairs")]
    return {
        "now": NOW,
        "in_two_days": NOW + timedelta(days=2, hours=3),
        "in_44": NOW + timedelta(minutes=44),
        "an_hour_ago": NOW - timedelta(hours=1),
        "late_since": NOW - timedelta(hours=2, minutes=8),
        "paused_since": NOW - timedelta(hours=3, minutes=5),
        "form": SpecimenForm(),
        "bad_form": SpecimenForm({"name": "", "way": "fax", "reason": ""}, prefix="bad"),
        "rows": [
            {"number": "Q20261120-000318", "subject": subjects[0], "due": NOW + timedelta(minutes=44), "l1": False},
            {"number": "Q20261123-000009", "subject": subjects[1], "due": NOW - timedelta(hours=2), "l1": True},
        ],
        "stages": [
            {"label": _("Received"), "state": "done", "note": "20"},
            {"label": _("Assigned"), "state": "done", "note": "23"},
            {"label": _("In progress"), "state": "now", "note": _("today")},
            {"label": _("Answered"), "state": "", "note": ""},
            {"label": _("Rated"), "state": "", "note": ""},
        ],
        "steps": [
            {"label": _("Registered"), "state": "done", "at": NOW - timedelta(days=3), "note": ""},
            {"label": _("Investigation and plan"), "state": "now", "at": NOW + timedelta(minutes=44), "note": ""},
            {"label": _("Review"), "state": "", "at": None, "note": ""},
        ],
        "rate": charts.line_chart(
            _("Rectification timeliness"),
            months,
            {_("This year"): rate},
            previous=before,
            target=95,
            places=1,
            unit="%",
        ),
        "control": charts.line_chart(
            _("Feedback a week"),
            [str(week) for week in range(36, 48)],
            {_("Feedback"): weekly},
            band=(774, 1021),
            mean=898,
        ),
        "bars": charts.bar_chart(
            _("By category"),
            [
                (_("Product quality"), 1402),
                (_("Delivery & logistics"), 986),
                (_("After-sales"), 870),
                (_("Other"), 120),
            ],
            previous=[1320, 1050, 800, 140],
        ),
        "spark": charts.spark(rate, previous=before, target=95),
        "map": charts.tile_map(
            _("Feedback per thousand deliveries"),
            {code: (int(code) * 37) % 46 for code in TILES},
            links=dict.fromkeys(TILES, "#map"),
            english=not in_chinese(),
        ),
        "heat": charts.heat_table(
            [_("Product quality"), _("Service attitude"), _("Other")],
            [(_("Hotline"), [402, 118, 96]), (_("Web form"), [198, 52, 67]), (_("E-mail"), [0, 12, None])],
        ),
    }
