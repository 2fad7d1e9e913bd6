"""QR codes as pictures that stand inside the page: nothing is fetched."""

import segno


def data_uri(text: str) -> str:
    """Black on white whatever the theme, as cameras want it."""
    drawing = segno.make(text, error="m", micro=False)
    return str(drawing.svg_data_uri(scale=4, border=3, dark="#000", light="#fff"))
