"""Cases that are one, or belong together: merge, link, split (A4.2)."""
