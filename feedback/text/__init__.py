"""What a text says: words, scores, places, likeness. Pure but for `judging`, `similar` and what reads the shipped weights."""
