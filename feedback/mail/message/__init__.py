"""Mail as it arrives, read. Pure: bytes in, a `Mail` out; no database, no Django models, and it never raises.

`reading.read` is the door. What cannot be read is kept as it is and said so, never dropped.
"""
