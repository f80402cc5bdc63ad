"""How change orders refuse.

InvalidInput    InvalidTemplate, InvalidFieldValue
"""

from __future__ import annotations

from plumbline.kit.errors import InvalidInput


class InvalidTemplate(InvalidInput):
    """A change order template that says something that cannot be."""


class InvalidFieldValue(InvalidInput):
    """A value that the custom field of a change order cannot have."""
