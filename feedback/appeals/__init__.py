"""Complaints about the handling itself: auditors alone examine and answer them (A6.1)."""
