from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = _("Tickets")

    def ready(self) -> None:
        from tickets import receivers, refusals  # noqa: F401 - receivers begin to listen
        from tickets.archive import wording as wording_archive
        from tickets.dispatch import wording as wording_routing
        from tickets.groups import wording as wording_groups
        from tickets.handling import wording as wording_handling
        from tickets.joining import wording as wording_joining
        from tickets.parts import wording as wording_parts

        refusals.register()
        wording_archive.register()
        wording_groups.register()
        wording_handling.register()
        wording_joining.register()
        wording_parts.register()
        wording_routing.register()
