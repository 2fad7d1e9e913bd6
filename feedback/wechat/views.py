"""The callback of a WeChat Official Account: proof of the address, then messages, plain or sealed."""

import hashlib
import logging

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from redis.exceptions import RedisError

from feedback.channels import wechat
from feedback.models import WechatAccount
from feedback.wechat import crypto

logger = logging.getLogger(__name__)
LARGEST = 100_000
TOLERANCE = 300  # seconds that a call may be old
REFUSED = 403


@csrf_exempt  # signed by the account's token instead
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, code: str) -> HttpResponse:
    """`/hooks/wechat/<code>/`. Whatever is not WeChat gets 403 without a word."""
    account = get_object_or_404(WechatAccount, code=code, is_active=True)
    asked = request.GET
    try:
        if request.method == "GET":
            crypto.check_signature(
                asked.get("signature", ""), account.token, asked.get("timestamp", ""), asked.get("nonce", "")
            )
            return HttpResponse(asked.get("echostr", "")[:200], content_type="text/plain; charset=utf-8")
        fields, sealed = opened(request, account)
    except crypto.NotWechat:
        return HttpResponse(status=REFUSED)
    answer = wechat.take(account, fields, raw=request.body, at=timezone.now())
    if not answer:
        return HttpResponse("success", content_type="text/plain")
    body = crypto.write({
        "ToUserName": fields["FromUserName"], "FromUserName": fields.get("ToUserName", ""),
        "CreateTime": str(int(timezone.now().timestamp())), "MsgType": "text", "Content": answer,
    })  # fmt: skip
    return HttpResponse(seal(body, account, asked) if sealed else body, content_type="application/xml; charset=utf-8")


def opened(request: HttpRequest, account: WechatAccount) -> tuple[dict[str, str], bool]:
    """The fields of a message, and whether it came sealed. An account with a key takes only sealed ones. Raises NotWechat."""
    asked = request.GET
    moment, nonce = asked.get("timestamp", ""), asked.get("nonce", "")
    fresh = moment.isascii() and moment.isdigit() and abs(int(moment[:12]) - timezone.now().timestamp()) <= TOLERANCE
    if not fresh or len(request.body) > LARGEST:
        raise crypto.NotWechat("too old or too large")
    if not account.aes_key:
        crypto.check_signature(asked.get("signature", ""), account.token, moment, nonce)
        refuse_another_message(asked.get("signature", ""), request.body)
        return crypto.read(request.body), False
    encrypted = crypto.read(request.body).get("Encrypt", "")
    crypto.check_signature(asked.get("msg_signature", ""), account.token, moment, nonce, encrypted)
    return crypto.read(crypto.decrypt(encrypted, encoding_key=account.aes_key, app_id=account.app_id)), True


def refuse_another_message(signature: str, body: bytes) -> None:
    """A plain message is not part of what is signed, so a signature serves for the one it came with: who sees an address in a
    log writes in nobody's name. Remembered while a call may be that old; without Valkey the signature alone decides.
    Raises NotWechat.
    """
    key, digest = f"wechat:{signature}", hashlib.sha256(body).hexdigest()
    try:
        if not cache.add(key, digest, timeout=2 * TOLERANCE) and cache.get(key) != digest:
            raise crypto.NotWechat("used before")
    except (RedisError, OSError) as error:
        logger.warning("Signatures of WeChat are not remembered: %s", type(error).__name__)


def seal(body: bytes, account: WechatAccount, asked: dict[str, str]) -> bytes:
    encrypted = crypto.encrypt(body, encoding_key=account.aes_key, app_id=account.app_id)
    moment, nonce = asked.get("timestamp", ""), asked.get("nonce", "")
    signed = crypto.signature([account.token, moment, nonce, encrypted])
    return crypto.write({"Encrypt": encrypted, "MsgSignature": signed, "TimeStamp": moment, "Nonce": nonce})
