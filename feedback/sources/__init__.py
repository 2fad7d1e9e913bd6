"""Other systems that hand in what was said to them, by signed hooks with a mapping (B2.1)."""
