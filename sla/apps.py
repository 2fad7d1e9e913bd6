from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SlaConfig(AppConfig):
    name = "sla"
    verbose_name = _("Time limits")

    def ready(self) -> None:
        from sla import erasing, panels, receivers, services_extensions, services_ladder, wording  # noqa: F401
        from tickets import contributions
        from tickets.archive import erasing as of_cases
        from tickets.dispatch import return_limit
        from tickets.groups.services import call_together

        contributions.register(
            "clocks", describe=panels.describe, template="sla/panel.html", context=panels.context, position=10
        )
        return_limit.read_by(services_extensions.returned_until)
        services_ladder.call_group_by(call_together)
        of_cases.register("sla", erasing.erase)
        wording.register()
