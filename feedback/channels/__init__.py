"""Every way in. A new channel is one module here and one line in `ADAPTERS`.

An adapter reads what its channel brings into a `Content` and calls `services.receive`; forms, filters, icons and the
API's list of channels derive from `all_channels`.
"""

from dataclasses import dataclass

from django.utils.functional import Promise

from feedback.channels import app, box, chat, counter, desk, email, inbound, letter, paper, web, wechat
from tickets.channels import AUTOMATIC, ICONS, Channel

ADAPTERS = dict.fromkeys(desk.CHANNELS, desk) | {
    Channel.WEB: web,
    Channel.APP: app,
    Channel.EMAIL: email,
    Channel.CHAT: chat,
    Channel.LETTER: letter,
    Channel.BOX: box,
    Channel.PAPER: paper,
    Channel.COUNTER: counter,
    Channel.REVIEW: inbound,
    Channel.SOCIAL: inbound,
    Channel.WECHAT: wechat,
}


@dataclass(frozen=True)
class ChannelInfo:
    code: str
    name: str | Promise
    icon: str
    automatic: bool  # nobody stands at it: the first contact is who deals with the ticket first


def all_channels() -> list[ChannelInfo]:
    return [ChannelInfo(code.value, code.label, ICONS[code], code in AUTOMATIC) for code in Channel]
