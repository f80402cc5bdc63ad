"""The configuration documents of a library as they were written: every version, who wrote it, when and why. Knows no kind of document."""
