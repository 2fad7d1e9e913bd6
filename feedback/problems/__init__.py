"""Common problems 共性问题: proposed from likeness, confirmed by people, studied when hard (C5.2)."""
