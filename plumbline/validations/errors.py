"""How validations refuse.

InvalidInput    InvalidValidations, InvalidValidationRule
Conflict        ValidationRuleNameTaken
NotFound        ValidationRuleMissing
RateLimited     RulesBusy
"""

from __future__ import annotations

from plumbline.kit.errors import Conflict, InvalidInput, NotFound, RateLimited


class InvalidValidations(InvalidInput):
    """A list of validation rules that says something that cannot be, or names a file that is not there."""


class InvalidValidationRule(InvalidInput):
    """A field of one rule that cannot have this value, or one rule more than a library can have."""


class ValidationRuleNameTaken(Conflict):
    """The library has a rule of this name."""


class ValidationRuleMissing(NotFound):
    """The library has no such rule."""


class RulesBusy(RateLimited):
    """As many change orders as can be are validated right now."""
