"""More time, asked for and decided; promises; and what a missed limit does (D3.2 A4.3)."""
