"""One spec of one category as frozen values: what a value must be, from which status on it must be there, and who says so.

Kept as JSON beside the attribute of the category, so that a component can be checked without reading the registry again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson

from plumbline.catalog.model import AttributeType

ALWAYS = "*"
COMPOSITES = ("paired", "conditional")

ATTRIBUTE_TYPES = {
    "string": AttributeType.STRING,
    "integer": AttributeType.NUMBER,
    "number": AttributeType.NUMBER,
    "boolean": AttributeType.BOOLEAN,
    "date": AttributeType.DATE,
    "url": AttributeType.URL,
    "email": AttributeType.EMAIL,
    "phone": AttributeType.PHONE,
    "list": AttributeType.LIST,
    # What several parts make together is kept as the text that displays them.
    "paired": AttributeType.STRING,
    "conditional": AttributeType.STRING,
}
"""What the API calls the type of a spec."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a value must be; `message` is its author's explanation for somebody whose value is not."""

    pattern: str | None = None
    choices: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    message: str | None = None

    def __bool__(self) -> bool:
        return self != _NO_LIMITS and replace(self, message=None) != _NO_LIMITS


_NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Condition:
    """Limits on a part that hold while `when`, a text in the language of `conditions`, does."""

    when: str
    limits: Limits


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a composite value. `type` is string, integer, number or boolean."""

    key: str
    name: str
    type: str
    limits: Limits = _NO_LIMITS
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class SpecRule:
    """`required_from` is a status, `*` for always, None for never. `origin` tells where the rule was written, `formerly` its old name."""

    name: str
    type: str
    unit: str | None = None
    source_key: str | None = None
    description: str | None = None
    limits: Limits = _NO_LIMITS
    parts: tuple[Part, ...] = ()
    display: str = ""
    required_from: str | None = None
    severity: str = ""
    """ERROR or WARNING; empty where nobody says, which means ERROR."""
    required_severity: str = ""
    """That of the requirement, where it has one of its own: who demands a value may be content with a warning where there is none,
    and yet not take one that cannot be."""
    origin: str = ""
    formerly: str | None = None

    @property
    def is_warning(self) -> bool:
        """Whether a value that is not as it must be is only warned of."""
        return self.severity == "WARNING"

    @property
    def is_missing_a_warning(self) -> bool:
        """Whether a value that is not there is only warned of."""
        return (self.required_severity or self.severity) == "WARNING"

    @property
    def attribute_type(self) -> AttributeType:
        return ATTRIBUTE_TYPES[self.type]

    @property
    def is_composite(self) -> bool:
        return self.type in COMPOSITES


@lru_cache(maxsize=8192)
def rule_text(rule: SpecRule) -> str:
    """The rule as JSON, without what is empty or goes without saying; rules that do the same give the same text."""
    return orjson.dumps(_lean(_as_dict(_in_few_words(rule))), option=orjson.OPT_SORT_KEYS).decode()


@lru_cache(maxsize=8192)
def rule_from_text(text: str) -> SpecRule:
    """The reverse of `rule_text`."""
    wire = orjson.loads(text)
    parts = tuple(
        Part(
            each["key"],
            each["name"],
            each["type"],
            _limits(each.get("limits")),
            tuple(Condition(one["when"], _limits(one["limits"])) for one in each.get("conditions", ())),
        )
        for each in wire.get("parts", ())
    )
    return SpecRule(**{**wire, "limits": _limits(wire.get("limits")), "parts": parts})


def _in_few_words(rule: SpecRule) -> SpecRule:
    """An error needs no word, and a requirement none that is the word of the spec."""
    differs = rule.required_from is not None and rule.is_missing_a_warning != rule.is_warning
    severity = "WARNING" if rule.is_warning else ""
    return replace(rule, severity=severity, required_severity=rule.required_severity if differs else "")


def _limits(wire: Mapping[str, Any] | None) -> Limits:
    if not wire:
        return _NO_LIMITS
    numbers = {key: Decimal(wire[key]) for key in ("minimum", "maximum") if key in wire}
    return Limits(**{**wire, **numbers, "choices": tuple(wire.get("choices", ()))})


def _as_dict(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {name: _as_dict(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, tuple):
        return [_as_dict(each) for each in value]
    return str(value) if isinstance(value, Decimal) else value


def _lean(value: Any) -> Any:
    if isinstance(value, dict):
        lean = {key: _lean(each) for key, each in value.items()}
        return {key: each for key, each in lean.items() if each not in (None, "", [], {})}
    return [_lean(each) for each in value] if isinstance(value, list) else value
