"""Talking with the customer: note, reply, ask, hear, resolve, be rated; canned replies (A5.1 A5.2)."""
