"""Verbs of the part master, one file per operation."""
