"""A telephone number is kept the same however it was written."""

import pytest

from common.phones import phone_number


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("+86 138-0000-1234", "13800001234"),
        ("+86 10 8888 6666", "01088886666"),
        ("008657188886666", "057188886666"),
        ("+86 (0571) 8888-6666", "057188886666"),
        ("０５７１－８８８８６６６６ 转 12", "057188886666转12"),
        ("+86 400 800 1234", "4008001234"),
        ("+852 2345 6789", "+85223456789"),
    ],
)
def test_the_country_and_the_nought_of_a_land_line_make_no_difference(written, kept):
    assert phone_number(written) == kept


@pytest.mark.parametrize("written", ["12345", "1010101010", "+86 12345", "call me", ""])
def test_what_nobody_can_be_called_at_is_no_number(written):
    with pytest.raises(ValueError):
        phone_number(written)
