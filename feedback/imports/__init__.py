"""Spreadsheets that colleagues bring in: read, checked, taken in row by row, taken back (B2.1)."""
