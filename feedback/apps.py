from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = _("Feedback")

    def ready(self) -> None:
        from common import problems
        from feedback import erasing, panels, receivers  # noqa: F401
        from feedback.channels import paper
        from feedback.hotline import panels as panels_calls
        from feedback.text import judging
        from tickets import contributions, doors
        from tickets.archive import erasing as of_cases
        from tickets.attachments.files import FileRefused
        from tickets.dispatch import judged

        contributions.register("understood", template="feedback/panel.html", context=panels.context, position=30)
        contributions.register(
            "paste-back", template="feedback/paste_back.html", context=panels.paste_back, position=25
        )
        contributions.register("mails", template="feedback/mail_panel.html", context=panels.mails, position=40)
        contributions.register("calls", template="feedback/panel_calls.html", context=panels_calls.context, position=25)
        of_cases.register("feedback", erasing.erase)
        contributions.register("chat", template="feedback/chat_panel.html", context=panels.chat, position=35)
        contributions.register("paper", template="feedback/paper_panel.html", context=panels.paper, position=25)
        contributions.register("wechat", template="feedback/wechat_panel.html", context=panels.wechat, position=25)
        doors.register("paper", paper.take)
        judged.read_by(judging.taken_for)
        problems.register(
            FileRefused,
            400,
            code="file-refused",
            build=lambda error: {"detail": " ".join(error.messages), "errors": {"attachments": error.messages}},
        )
