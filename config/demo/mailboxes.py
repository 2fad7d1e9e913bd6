"""The mailbox of the demo company. Nothing is fetched: mails come by `receive_email`, until somebody gives it a server."""

from feedback.models import Mailbox


def create() -> None:
    """Idempotent."""
    Mailbox.objects.get_or_create(
        code="support", defaults={"name": "客服邮箱", "name_en": "Support", "address": "support@demo.example"}
    )
