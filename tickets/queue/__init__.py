"""Lists of tickets: saved views, filters with counts, an order, pages that go on after the last row."""
