"""What a search finds: the terms of a text, the index, conditions typed into the box, what a hit shows (A2.2)."""
