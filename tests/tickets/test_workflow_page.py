from pathlib import Path

from django.conf import settings

from tickets.management.commands.draw_workflow import drawing


def test_the_page_about_the_workflow_is_what_the_table_says():
    assert Path(settings.BASE_DIR, "docs", "workflow.md").read_text() == drawing()
