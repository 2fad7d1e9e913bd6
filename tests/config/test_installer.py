"""The faster installer finds packages where pip was told to find them, so that a mirror set for pip is enough."""

import subprocess

from config import venv


def told(monkeypatch, *lines: str) -> dict[str, str]:
    monkeypatch.setattr(subprocess, "check_output", lambda command: "\n".join(lines).encode())
    for name in venv.LIKE_PIP.values():
        monkeypatch.delenv(name, raising=False)
    return {name: value for name, value in venv.as_pip_is_told().items() if name in venv.LIKE_PIP.values()}


def test_a_mirror_set_for_pip_is_used(monkeypatch):
    found = told(monkeypatch, "global.index-url='https://mirror.example/simple'", "global.timeout='60'")
    assert found == {"UV_DEFAULT_INDEX": "https://mirror.example/simple"}


def test_the_environment_outranks_the_files_of_pip_in_whatever_order_they_are_listed(monkeypatch):
    lines = [":env:.index-url='https://here/simple'", "global.index-url='https://all/simple'", "user.index-url='u'"]
    assert told(monkeypatch, *lines) == {"UV_DEFAULT_INDEX": "https://here/simple"}


def test_several_places_are_written_as_uv_reads_them(monkeypatch):
    lines = [r"global.extra-index-url='\nhttps://a/simple\nhttps://b/simple'", "user.find-links='/one /two'"]
    assert told(monkeypatch, *lines) == {
        "UV_INDEX": "https://a/simple https://b/simple",
        "UV_FIND_LINKS": "/one,/two",
    }


def test_settings_of_other_commands_of_pip_are_left_alone(monkeypatch):
    assert told(monkeypatch, "download.index-url='https://elsewhere'", "nonsense") == {}
