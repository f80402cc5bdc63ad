"""How validations refuse.

InvalidInput    InvalidValidations
"""

from __future__ import annotations

from plumbline.kit.errors import InvalidInput


class InvalidValidations(InvalidInput):
    """A list of validation rules that says something that cannot be, or names a file that is not there."""
