"""Differences and their impact as a report that people read: plain text, or Markdown for reviews and tickets (pure).

Whatever a library holds is data here, never markup: in Markdown every sign that means something is escaped, in both forms what cannot be
printed is replaced, so that a name can neither move a cursor nor end a table. Reports are bounded; what is left out is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import partial

from plumbline.boms.comparison import Difference, LineDifference
from plumbline.boms.designators import format_designators
from plumbline.boms.differences import ComponentDifferences, Names, line_text, quantity_text, substitutes_text
from plumbline.boms.impact import NOTHING_MISSING, Delta, Impact, Use
from plumbline.boms.model import BomLine
from plumbline.boms.structure import Quantity
from plumbline.components.differences import Area, ChangeKind, ComponentDifference
from plumbline.components.model import Brief, Component
from plumbline.kit.quantity import canonical

ROWS_OF_COMPONENT_MAX = 500
"""Differences of one component. Who replaces a BOM of five thousand lines does not review them in a text."""
ROWS_MAX = 5_000
"""Of a whole report: about half a megabyte."""
TEXT_LENGTH_MAX = 200
"""Of one value: a description may have 10,000 characters."""
PLACES_LENGTH_MAX = 60
"""Of the designators that tell where a line is; those that came or went are told by themselves."""
NAMED_MAX = 10
"""Products and parts named in a sentence."""


class ReportFormat(StrEnum):
    TEXT = "TEXT"
    MARKDOWN = "MARKDOWN"


def report(
    differences: Sequence[ComponentDifferences],
    form: ReportFormat,
    *,
    impacts: Sequence[Impact] = (),
    level: int = 2,
) -> str:
    """One heading for each component, in the order given, of this level in Markdown; the impact of a component stands below its
    differences."""
    remaining = {each.component.id: each for each in impacts}
    write = partial(_markdown, level) if form is ReportFormat.MARKDOWN else _text
    rows_left = ROWS_MAX
    written: list[str] = []
    for each in differences:
        bound = min(ROWS_OF_COMPONENT_MAX, rows_left)
        impact = remaining.pop(each.after.id, None)
        written += write(each.after, each, impact, bound)
        rows_left -= min(each.count, bound)
    for impact in remaining.values():
        written += write(impact.component, None, impact, 0)
    return "\n".join(written).strip("\n") + "\n" if written else "No components.\n"


def _text(
    component: Component, differences: ComponentDifferences | None, impact: Impact | None, bound: int
) -> Iterator[str]:
    yield ""
    yield _called(component)
    if differences is not None:
        yield f"  {_versions(differences)}"
        for each in differences.contents[:bound]:
            yield f"  {_SIGNS[each.kind]} {printable(_what(each))}: {_sides(each)}"
        for line in differences.lines[: max(bound - len(differences.contents), 0)]:
            yield f"  {line_change(line, differences.names)}"
        yield from (f"  {sentence}" for sentence in _left_out(differences.count, bound))
    if impact is not None:
        yield from (f"  {sentence}" for sentence in _sentences(impact))


def _markdown(
    level: int, component: Component, differences: ComponentDifferences | None, impact: Impact | None, bound: int
) -> Iterator[str]:
    yield ""
    yield f"{'#' * level} {escaped(_called(component))}"
    if differences is not None:
        yield ""
        yield escaped(_versions(differences))
        yield from _table(differences.contents[:bound])
        lines = differences.lines[: max(bound - len(differences.contents), 0)]
        yield from _fenced([line_change(each, differences.names) for each in lines])
        for sentence in _left_out(differences.count, bound):
            yield ""
            yield escaped(sentence)
    if impact is not None:
        yield ""
        yield from (f"- {escaped(sentence)}" for sentence in _sentences(impact))


def _table(contents: Sequence[ComponentDifference]) -> Iterator[str]:
    if not contents:
        return
    yield ""
    yield "| what | before | after |"
    yield "| --- | --- | --- |"
    for each in contents:
        after = printable(each.after or "") + (_SAME_QUANTITY if each.same_quantity else "")
        yield f"| {escaped(printable(_what(each)))} | {escaped(printable(each.before or ''))} | {escaped(after)} |"


def _fenced(rows: Sequence[str]) -> Iterator[str]:
    """As they are, in a block of code that no row can end."""
    if not rows:
        return
    longest = max((len(run) for row in rows for run in re.findall("`+", row)), default=0)
    fence = "`" * max(3, longest + 1)
    yield ""
    yield f"{fence}diff"
    yield from rows
    yield fence


_SIGNS: Mapping[ChangeKind, str] = {ChangeKind.ADDED: "+", ChangeKind.REMOVED: "-", ChangeKind.CHANGED: "~"}
_SAME_QUANTITY = " (the same quantity)"


def _called(component: Component | Brief) -> str:
    return printable(f"{component.cpn} {component.name}")


def _versions(differences: ComponentDifferences) -> str:
    """`Version 3 (revision A) → version 5`, and that nothing differs where nothing does. A version in work still carries the label of the
    last release; it is told once."""
    before, after = differences.before, differences.after
    label = None if before is not None and before.revision == after.revision else after.revision
    start = "New" if before is None else f"Version {_labelled(before, before.revision)}"
    text = f"{start} → version {_labelled(after, label)}"
    return text if differences else f"{text}: no difference"


def _labelled(component: Component, label: str | None) -> str:
    return f"{component.version} (revision {printable(label)})" if label else str(component.version)


def _what(difference: ComponentDifference) -> str:
    """`description`, `Resistance`, `source Acme A-1, status`, `alias OLD-1`."""
    if difference.subject is None:
        return difference.name
    if difference.name in ("source", "alias"):
        return f"{difference.name} {difference.subject}"
    kind = "source " if difference.area is Area.SOURCE else ""
    return f"{kind}{difference.subject}, {difference.name}"


def _sides(difference: ComponentDifference) -> str:
    sides = [printable(each) for each in (difference.before, difference.after) if each is not None]
    return " → ".join(sides) + (_SAME_QUANTITY if difference.same_quantity else "")


def _left_out(count: int, bound: int) -> list[str]:
    return [f"… and {count - bound} more"] if count > bound else []


def line_change(difference: LineDifference, names: Names) -> str:
    """`+ 4 × SCR-001 M3 screw [H1-H4]`, `~ R1-R3 RES-1 10k → RES-2 12k`, `~ H1-H6 SCR-001 M3 screw: 4 → 6, +H5, H6`."""
    before, after = difference.before, difference.after
    if before is None or after is None:
        sign, line = ("+", after) if before is None else ("-", before)
        return f"{sign} {printable(line_text(line, names))}" if line is not None else ""
    where = after.reference_designators or (f"item {after.item_number}" if after.item_number is not None else "")
    is_replaced = Difference.REPLACED in difference.kinds
    child = f"{names.child(before)} → {names.child(after)}" if is_replaced else names.child(after)
    unfitted = "(not placed)" if before.is_do_not_place and after.is_do_not_place else ""
    details = ", ".join(_details(difference, before, after, names))
    text = " ".join(each for each in (_shortened(where, PLACES_LENGTH_MAX), printable(child), unfitted) if each)
    return f"~ {text}: {details}" if details else f"~ {text}"


def _details(difference: LineDifference, before: BomLine, after: BomLine, names: Names) -> Iterator[str]:
    if quantity_text(before) != quantity_text(after):
        yield f"{quantity_text(before)} → {quantity_text(after)}"
    if difference.designators_added:
        yield "+" + _shortened(format_designators(difference.designators_added))
    if difference.designators_removed:
        yield "-" + _shortened(format_designators(difference.designators_removed))
    if before.item_number != after.item_number:
        yield f"item {_or_none(before.item_number)} → {_or_none(after.item_number)}"
    elif Difference.MOVED in difference.kinds:
        yield "moved"
    if before.is_do_not_place != after.is_do_not_place:
        yield "placed → not placed" if after.is_do_not_place else "not placed → placed"
    if before.substitutes != after.substitutes:
        either = (substitutes_text(line, names) or "none" for line in (before, after))
        yield printable(f"substitutes {' → '.join(either)}")
    if before.notes != after.notes:
        yield f"notes {printable(before.notes) or 'none'} → {printable(after.notes) or 'none'}"


def _or_none(value: int | None) -> str:
    return "none" if value is None else str(value)


def _sentences(impact: Impact) -> Iterator[str]:
    """What a change means for others, and what it does to cost, mass and lead time."""
    yield f"Released products: {_products(impact.released, impact.names)}"
    yield f"Products in work: {_products(impact.working, impact.names)}"
    for name, delta in (("Cost", impact.cost), ("Mass", impact.mass), ("Lead time", impact.lead_time)):
        if delta is not None:
            yield f"{name}: {_delta(delta, impact.names)}"


def _products(use: Use, names: Mapping[int, Brief]) -> str:
    if not use.top_count:
        return "none"
    told = [f"{_amount(quantity)} in {_called(names[key])}" for key, quantity in use.tops[:NAMED_MAX]]
    return f"{use.top_count} ({_with_rest(told, use.top_count)})"


def _delta(delta: Delta, names: Mapping[int, Brief]) -> str:
    if delta.before is None and delta.after is None:
        return "unknown"
    unit = f" {delta.unit}" if delta.unit else ""
    said = f"{_number(delta.before)} → {_number(delta.after)}{unit}"
    if delta.change is not None:
        said += f" ({'+' if delta.change > 0 else ''}{canonical(delta.change)})"
    return "; ".join([said, *_gaps(delta, names)])


def _gaps(delta: Delta, names: Mapping[int, Brief]) -> Iterator[str]:
    """The parts that nobody knows the value of; once where they are the same on both sides."""
    before, after = delta.missing_before, delta.missing_after
    if before == after:
        sides = [("", after)]
    else:  # a side that is unknown as a whole has been told already
        sides = [(" before", before if delta.before is not None else NOTHING_MISSING)]
        sides.append((" after", after if delta.after is not None else NOTHING_MISSING))
    for when, missing in sides:
        if missing.count:
            told = _with_rest([printable(names[key].cpn) for key in missing.listed[:NAMED_MAX]], missing.count)
            yield f"without {missing.count} {'part' if missing.count == 1 else 'parts'}{when} ({told})"


def _with_rest(told: Sequence[str], count: int) -> str:
    rest = f" and {count - len(told)} more" if count > len(told) else ""
    return ", ".join(told) + rest


def _number(value: Decimal | None) -> str:
    return "unknown" if value is None else canonical(value)


def _amount(quantity: Quantity) -> str:
    return canonical(Decimal(quantity))


def printable(text: str, length_max: int = TEXT_LENGTH_MAX) -> str:
    """One line of visible characters, cut where it gets long."""
    shown = "".join(each if each.isprintable() or each in _JOINERS else "\ufffd" for each in " ".join(text.split()))
    return _shortened(shown, length_max)


_JOINERS = "\u200c\u200d"
"""Without them, words of some scripts are other words."""


def _shortened(text: str, length_max: int = TEXT_LENGTH_MAX) -> str:
    return text if len(text) <= length_max else text[: length_max - 1] + "…"


def escaped(text: str) -> str:
    """Text that stays what it is in a heading, a table cell or an item of a list of Markdown."""
    return _MEANINGFUL.sub(r"\\\1", text)


_MEANINGFUL = re.compile(r"([\\`*_\[\]<>|~&#$!])")
