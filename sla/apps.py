from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SlaConfig(AppConfig):
    name = "sla"
    verbose_name = _("Time limits")

    def ready(self) -> None:
        from sla import erasing, panels, receivers, wording  # noqa: F401
        from tickets import contributions
        from tickets import erasing as of_cases

        contributions.register(
            "clocks", describe=panels.describe, template="sla/panel.html", context=panels.context, position=10
        )
        of_cases.register("sla", erasing.erase)
        wording.register()
