"""Mailboxes and what comes by them: fetched, stored, threaded, answered or left alone (S-6). `message/` reads the bytes."""
