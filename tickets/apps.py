from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = _("Tickets")

    def ready(self) -> None:
        from tickets import (  # noqa: F401 - receivers begin to listen
            receivers,
            refusals,
            wording_archive,
            wording_groups,
            wording_handling,
            wording_joining,
            wording_parts,
            wording_routing,
        )

        refusals.register()
        wording_archive.register()
        wording_groups.register()
        wording_handling.register()
        wording_joining.register()
        wording_parts.register()
        wording_routing.register()
