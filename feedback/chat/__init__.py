"""The answering machine and the answers it gives, on the site and by the API (C3.1)."""
