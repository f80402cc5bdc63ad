"""How change orders refuse.

InvalidInput
├── InvalidTemplate           a template that says something that cannot be
├── InvalidFieldValue         a value that a custom field cannot have
├── InvalidChangeOrder        a name, a number of items or a text that a change order cannot have
├── InvalidReviewer           a reviewer who is nobody, stands twice, or cannot be taken off
├── DecisionNoteMissing       a rejection without a reason
└── InvalidDelegation         a time that ends before it begins, or somebody who stands in for himself
NotFound
├── ChangeOrderMissing        no such change order, item, stage or comment, or not for this caller
└── TemplateMissing           no such template
Forbidden
├── NotOwner                  only who created a change order, and managers, may do that
└── NotReviewer               the caller has no seat in the stage under review
Conflict
├── StateRefused              not possible in the state of the change order
├── StaleChangeOrder          it is not what it was when the caller looked at it
├── ItemTwice                 the component is in the change order already
├── ItemInOtherOrder          the component is in another open change order
└── ValidationFailed          the rules of the library do not let it be submitted
"""

from __future__ import annotations

from plumbline.kit.errors import Conflict, Forbidden, InvalidInput, NotFound


class InvalidTemplate(InvalidInput):
    """A change order template that says something that cannot be."""


class InvalidFieldValue(InvalidInput):
    """A value that the custom field of a change order cannot have."""


class InvalidChangeOrder(InvalidInput):
    pass


class InvalidReviewer(InvalidInput):
    pass


class DecisionNoteMissing(InvalidInput):
    pass


class InvalidDelegation(InvalidInput):
    pass


class ChangeOrderMissing(NotFound):
    pass


class TemplateMissing(NotFound):
    pass


class NotOwner(Forbidden):
    pass


class NotReviewer(Forbidden):
    pass


class StateRefused(Conflict):
    pass


class StaleChangeOrder(Conflict):
    pass


class ItemTwice(Conflict):
    pass


class ItemInOtherOrder(Conflict):
    pass


class ValidationFailed(Conflict):
    pass
