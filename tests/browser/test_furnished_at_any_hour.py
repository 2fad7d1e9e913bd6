"""The demo company has a page of every kind whatever the hour and the day it is set up on."""

from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from tests.browser.addresses import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.soak]


@pytest.mark.parametrize("hours", range(0, 24 * 7, 5))
def test_every_page_has_an_address(hours):
    at = timezone.make_aware(datetime(2026, 11, 26, 0, 10)) + timedelta(hours=hours)
    with override_settings(DEMO=True), mock.patch.object(timezone, "now", lambda: at):
        call_command("setup_demo", verbosity=0)
        assert all(addresses().values())
