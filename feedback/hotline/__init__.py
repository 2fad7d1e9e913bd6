"""The hotline desk: calls, what the telephone system tells of them, the form filled in while somebody talks (A2.1 A4.2)."""
