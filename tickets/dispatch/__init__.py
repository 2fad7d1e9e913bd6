"""From the door to the person: open, assign by rule or by hand, accept, return; nobody is orphaned (B3.1 B3.2 A4.2)."""
