"""Verbs of imports: `steps` from the announcement to the end, `undo` for what turned out to be a mistake."""
