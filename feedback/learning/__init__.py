"""What people teach the classifier: corrections, review by hand, keyword rules, versions fitted to the company (C3.1, C3.2)."""
