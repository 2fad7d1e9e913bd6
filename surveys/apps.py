from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        from common import problems
        from surveys import erasing, panels, receivers, services  # noqa: F401
        from surveys.models import FollowUp
        from tickets import contributions
        from tickets.archive import asking
        from tickets.archive import erasing as of_cases

        problems.register(services.AnswerRefused, 409, code="not-to-be-rated")

        contributions.register(
            "follow_ups", describe=panels.describe, template="surveys/panel.html", context=panels.context, position=60
        )
        of_cases.register("surveys", erasing.erase)
        asking.register(
            "surveys",
            asking.Asking(
                asked=lambda: FollowUp.objects.open().by_us().values("ticket"), given_up=services.given_up_of
            ),
        )
