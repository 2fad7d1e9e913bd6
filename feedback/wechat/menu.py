"""The menu of an Official Account. While an account has a callback, WeChat's own pages offer no menu: it is put there from here."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from feedback.channels.wechat import FEEDBACK, PROGRESS
from feedback.models import WechatAccount
from feedback.wechat.services import call


def publish(account: WechatAccount, *, at: datetime) -> None:
    """Put our three entries there, in the place of what was there. One call or two. Raises Refused, NoAnswer, AddressRefused."""
    with override("zh-hans"):  # as everything that is said there
        buttons = [
            {"type": "click", "name": _("Tell us"), "key": FEEDBACK},
            {"type": "click", "name": _("My cases"), "key": PROGRESS},
            {
                "type": "view",
                "name": _("The form"),
                "url": settings.PUBLIC_BASE_URL.rstrip("/") + reverse("feedback:form"),
            },
        ]
    call(account, "/cgi-bin/menu/create", at, body={"button": buttons})
