"""One resolver per query field."""
