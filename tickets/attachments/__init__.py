"""Files of people: taken in by content, scanned, kept, given out (S-1 S-10 S-11)."""
