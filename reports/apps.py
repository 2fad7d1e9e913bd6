from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from reports import counted, panels
        from tickets import contributions

        contributions.register("papers", template="reports/case/panel.html", context=panels.context, position=90)
        counted.register()
