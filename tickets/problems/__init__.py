"""One answer to a common problem, a draft for each of its cases (C5.2)."""
