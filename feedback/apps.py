from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = _("Feedback")

    def ready(self) -> None:
        from common import problems
        from feedback import receivers  # noqa: F401
        from tickets.files import FileRefused

        problems.register(
            FileRefused,
            400,
            code="file-refused",
            build=lambda error: {"detail": " ".join(error.messages), "errors": {"attachments": error.messages}},
        )
