"""Texts that people put where a part number or a maker should stand, and that name nothing."""

PLACEHOLDERS = frozenset(
    {
        "",
        "-",
        "–",
        "~",
        "?",
        "*",
        "any",
        "tbd",
        "n/a",
        "na",
        "none",
        "generic",
        "new schematiclib",
        "free issue",
        "free issued",
    }
)
"""Case folded. `New SchematicLib` is what EasyEDA writes for a part that nobody chose; what is free issued, the customer sends."""
