from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        from surveys import panels, receivers  # noqa: F401
        from tickets import contributions

        contributions.register(
            "follow_ups", describe=panels.describe, template="surveys/panel.html", context=panels.context, position=60
        )
