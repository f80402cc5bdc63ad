"""One resolver per mutation field."""
