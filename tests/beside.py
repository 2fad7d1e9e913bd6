"""Our pages beside those of the drawn interface, on one sheet: `python -m tests.screenshots --beside SHEET.png`."""

import tempfile
from html import escape
from pathlib import Path

from playwright.sync_api import Browser

MOCK = Path(__file__).resolve().parents[2] / "shared" / "design" / "mock"
"""Not part of the project; without it there is no sheet."""
PAIRS = {  # our page: the drawn one
    "form": "form.html",
    "receipt": "receipt.html",
    "tracking": "tracking.html",
    "desk": "desk.html",
    "queue": "queue.html",
    "ticket": "ticket.html",
    "figures": "kpi.html",
}
STYLE = """body { margin: 0; padding: 24px; background: #888; font: 600 20px sans-serif }
h2 { margin: 24px 0 8px } div { display: grid; grid-template-columns: 1fr 1fr; gap: 24px; align-items: start }
img { width: 100%; background: #fff }"""


def picture_mock(browser: Browser, folder: Path, *, theme: str, width: tuple[int, int]) -> None:
    context = browser.new_context(
        viewport={"width": width[0], "height": width[1]},
        color_scheme=theme,  # type: ignore[arg-type]
        locale="zh-CN",
        reduced_motion="reduce",
    )
    page = context.new_page()
    for name, drawn in PAIRS.items():
        page.goto((MOCK / drawn).as_uri())
        page.screenshot(path=folder / f"{name}-mock.png", full_page=True)
    context.close()


def sheet(browser: Browser, ours: dict[str, Path], drawn: Path, target: Path, *, wide: int) -> None:
    """One picture: ours left, the drawn one right, a row a page."""
    rows = "".join(
        f'<h2>{escape(name)}</h2><div><img src="{ours[name].as_uri()}"><img src="{(drawn / f"{name}-mock.png").as_uri()}"></div>'
        for name in PAIRS
        if name in ours
    )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "sheet.html"
        source.write_text(f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{rows}", encoding="utf-8")
        page = browser.new_page(viewport={"width": wide, "height": 900})
        page.goto(source.as_uri())
        page.screenshot(path=target, full_page=True)
        page.close()
