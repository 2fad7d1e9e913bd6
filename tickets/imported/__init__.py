"""History from another system, in bulk, at its own times (`import_tickets`)."""
