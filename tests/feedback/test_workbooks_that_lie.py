"""A workbook that holds more than it says is refused before it is unpacked (B-5)."""

import io
import zipfile

import pytest

from feedback.imports import sheets
from tests import zips
from tests.feedback.test_imports import HEAD, ROWS, an_xlsx


def workbook(method: int) -> bytes:
    """A good one but for its strings, which are said to be few."""
    good = zipfile.ZipFile(io.BytesIO(an_xlsx([HEAD, *ROWS[:1]])))

    def rest(packed: zipfile.ZipFile) -> None:
        for name in good.namelist():
            if not name.endswith("sharedStrings.xml"):
                packed.writestr(name, good.read(name))

    return zips.lying("xl/sharedStrings.xml", method=method, more=rest)


@pytest.mark.parametrize("method", zips.METHODS)
def test_it_is_refused_and_not_unpacked(method: int) -> None:
    content = workbook(method)
    assert zips.refused(sheets.SheetRefused, lambda: sheets.read(content)) < 40
