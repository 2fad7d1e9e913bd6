"""Closed cases: their number and class, their readings and holds, their erasure (D6)."""
