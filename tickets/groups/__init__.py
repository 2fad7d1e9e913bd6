"""Major cases: the special group, its log, its reports to leadership (C3.3 D3.3)."""
