"""Invented matter for the page that shows every component."""


def context() -> dict:
    return {}
