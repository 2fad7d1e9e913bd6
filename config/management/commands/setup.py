"""`manage.py setup`: what every installation needs before its first ticket. Safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from accounts import services
from accounts.models import Department
from accounts.services_regions import load_regions
from feedback import defaults as feedback_defaults
from sla import services_setup as sla_defaults
from supervision import defaults as supervision_defaults
from tickets import defaults as ticket_defaults


class Command(BaseCommand):
    help = "Create regions, the feedback office, categories, calendars, policies and keyword rules, where missing."

    @transaction.atomic
    def handle(self, *args: Any, verbosity: int = 1, **options: Any) -> None:
        now = timezone.now()
        regions = load_regions()
        if not Department.objects.filter(is_office=True).exists():
            services.create_department(code="office", name="意见管理部门", name_en="Feedback office", is_office=True)
        ticket_defaults.create_defaults()
        sla_defaults.create_defaults()
        feedback_defaults.create_defaults(now)
        supervision_defaults.create_defaults()
        if verbosity:
            self.stdout.write(f"Set up: {regions} regions, categories, calendars, policies, keyword rules.")
