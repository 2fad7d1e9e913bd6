"""What comes on paper or over the counter, and what leaves printed: boxes, batches, letters, slips, posters (C2.3)."""
