"""What references and category types demand of a spec: from when on a value must be there, and how much what is wrong with it matters.

A severity that stands beside a `required` is that of the requirement, and of the limits only where the spec itself says none: who is
content with a warning where the mass is missing does not want it to be negative.
"""

from __future__ import annotations

from dataclasses import replace

from plumbline.catalog.registry.package import Referred
from plumbline.catalog.registry.rules import SpecRule


def demanding(rule: SpecRule, entry: Referred) -> SpecRule:
    """The rule with what the reference to it demands."""
    if entry.required_from is None and entry.severity is None:
        return rule
    return _where_silent(rule, entry) if entry.reference.whole_group else _overridden(rule, entry)


def _where_silent(rule: SpecRule, entry: Referred) -> SpecRule:
    """Of a `/*`, which demands nothing of specs that demand something themselves."""
    severity = rule.severity or entry.severity or ""
    if rule.required_from or not entry.required_from:
        return replace(rule, severity=severity)
    return replace(rule, required_from=entry.required_from, required_severity=entry.severity or "", severity=severity)


def _overridden(rule: SpecRule, entry: Referred) -> SpecRule:
    required = rule.required_from if entry.required_from is None else entry.required_from or None
    told = entry.severity or rule.required_severity
    # Alone, a severity is of the spec as a whole.
    severity = (rule.severity or entry.severity) if entry.required_from else (entry.severity or rule.severity)
    return replace(rule, required_from=required, severity=severity or "", required_severity=told if required else "")


def with_demand_of_type(rule: SpecRule, of_type: SpecRule) -> SpecRule:
    """A spec that a category has, with what its type demands of a spec of that name: the requirement and its severity. The limits are
    the category's own, and how much they matter is too."""
    if rule.required_from is not None or of_type.required_from is None:
        return rule
    return replace(rule, required_from=of_type.required_from, required_severity=of_type.required_severity)
