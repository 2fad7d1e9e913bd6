"""A first look is small and soon there: our own styles and scripts come compressed, nobody else's are waited for."""

import pytest
from django.core.management import call_command


@pytest.fixture
def collected(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "config.statics.OwnFilesCompressed"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_what_our_pages_load_is_compressed_and_nothing_else(collected):
    small = {path.relative_to(collected).parts[0] for path in collected.rglob("*.gz")}
    assert small == {"css", "js", "django_htmx"}
    for path in [*collected.glob("css/*.css"), *collected.glob("js/*.js")]:
        squeezed = path.with_name(f"{path.name}.gz")
        assert path.stat().st_size < 1000 or squeezed.stat().st_size < path.stat().st_size / 1.5, path.name
