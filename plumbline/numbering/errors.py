"""How numbers and revisions are refused.

InvalidInput
├── SchemeInvalid            an `id_generation_scheme` that cannot be used
├── RevisionSchemeInvalid    a `revision_scheme_config` that cannot be used
├── ElementUnknown           a name that no element of the scheme has, or that several have
├── ElementValueMissing      a number cannot be made before somebody chooses or types this value
├── ElementValueInvalid      a value that is not in the list of its element
├── OverrideNotAllowed       the scheme keeps this part, or the whole number, to itself
├── OverrideInvalid          an override is allowed here, but not this one
├── RevisionInvalid          a text that is no revision of its status
└── StatusUnknown            a status that the revision scheme does not know
Conflict
├── CounterExhausted         the last number of a counter is used up
└── RevisionExhausted        no revision follows the present one
"""

from __future__ import annotations

from plumbline.kit.errors import Conflict, InvalidInput


class SchemeInvalid(InvalidInput):
    pass


class RevisionSchemeInvalid(InvalidInput):
    pass


class ElementUnknown(InvalidInput):
    pass


class ElementValueMissing(InvalidInput):
    pass


class ElementValueInvalid(InvalidInput):
    pass


class OverrideNotAllowed(InvalidInput):
    pass


class OverrideInvalid(InvalidInput):
    pass


class RevisionInvalid(InvalidInput):
    pass


class StatusUnknown(InvalidInput):
    pass


class CounterExhausted(Conflict):
    pass


class NumberTaken(Conflict):
    pass


class RevisionExhausted(Conflict):
    pass


class SchemeMissing(Conflict):
    """The library has no scheme of this kind yet."""
