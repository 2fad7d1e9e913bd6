"""How a case is worked and its result reviewed: the sheet of a round, the gates, who may judge (D3.1 B3.4 A4.3)."""
