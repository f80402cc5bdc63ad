"""From what the library has and what an import found to the steps between them; nothing is written here.

A plan is shown before it is applied, so every step says why: how a part was recognised, what each field was and will be.
Applying a plan and planning the same import again gives no step that changes anything.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from plumbline.catalog.model import NewAttribute
from plumbline.exchange.likeness import Candidate
from plumbline.exchange.line_matching import LinePair, WantedLine, line_differences, pair_lines
from plumbline.exchange.matching import (
    NOTHING_DECIDED,
    ConflictCode,
    Decisions,
    Match,
    MatchedBy,
    Matching,
    MatchState,
    PlanConflict,
    match_parts,
)
from plumbline.exchange.merging import FieldChange, differences, joined, values_of
from plumbline.exchange.model import ImportedCategory, ImportedData, ImportedLine, ImportedPart, Notice
from plumbline.exchange.snapshot import KnownLine, KnownPart, PartValues, Snapshot

CYCLES_REPORTED_MAX = 20


class PartAction(StrEnum):
    CREATE = "CREATE"
    UPDATE = "UPDATE"
    UNCHANGED = "UNCHANGED"
    CONFLICT = "CONFLICT"


class LineAction(StrEnum):
    ADD = "ADD"
    CHANGE = "CHANGE"
    REMOVE = "REMOVE"
    UNCHANGED = "UNCHANGED"
    BLOCKED = "BLOCKED"
    """The line cannot be planned before a conflict about its parent or child is decided."""


@dataclass(frozen=True, slots=True)
class PartStep:
    """What happens to one part. An assembly of which only lines change is an UPDATE too: it gets a new version."""

    action: PartAction
    part: ImportedPart
    values: PartValues
    """All values after the step."""
    explanation: str
    known: KnownPart | None = None
    matched_by: MatchedBy | None = None
    changes: tuple[FieldChange, ...] = ()
    state: MatchState = MatchState.NEW
    candidates: tuple[Candidate, ...] = ()
    """Of a new part: those of the library that it looks like."""
    number: str | None = None
    """Of a new part: the part number that it would get now; told by whoever knows the library's scheme."""

    @property
    def key(self) -> str:
        return self.part.key


@dataclass(frozen=True, slots=True)
class LineStep:
    """What happens to one line of the assembly `parent_key`; `child` is an id, or the key of a part to be created."""

    action: LineAction
    parent_key: str
    child: str
    line: ImportedLine | None = None
    known: KnownLine | None = None
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanCounts:
    created: int
    updated: int
    unchanged: int
    lines: int
    """Lines that the import has, whether they change or not."""
    lines_added: int
    lines_changed: int
    lines_removed: int
    conflicts: int
    proposed: int
    """New parts that the library may have already, by a maker's number."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Steps in the order in which they can be applied: categories from the top down, parts, lines."""

    format: str
    categories: tuple[ImportedCategory, ...]
    """Only those that the library does not have."""
    parts: tuple[PartStep, ...]
    lines: tuple[LineStep, ...]
    conflicts: tuple[PlanConflict, ...]
    tops: tuple[str, ...]
    notices: tuple[Notice, ...]
    attributes: tuple[NewAttribute, ...] = ()
    """Only those that the library does not have; told by whoever knows its catalog."""

    @property
    def counts(self) -> PlanCounts:
        parts = Counter(step.action for step in self.parts)
        lines = Counter(step.action for step in self.lines)
        return PlanCounts(
            created=parts[PartAction.CREATE],
            updated=parts[PartAction.UPDATE],
            unchanged=parts[PartAction.UNCHANGED],
            lines=lines.total() - lines[LineAction.REMOVE],
            lines_added=lines[LineAction.ADD],
            lines_changed=lines[LineAction.CHANGE],
            lines_removed=lines[LineAction.REMOVE],
            conflicts=len(self.conflicts),
            proposed=sum(step.state is MatchState.PROPOSED for step in self.parts),
        )

    @property
    def changes_nothing(self) -> bool:
        return (
            not self.categories
            and not self.conflicts
            and all(step.action is PartAction.UNCHANGED for step in self.parts)
        )


def plan_import(
    data: ImportedData, snapshot: Snapshot, decided: Decisions = NOTHING_DECIDED, *, with_candidates: bool = True
) -> ImportPlan:
    """The steps that bring the library to what the import says. An assembly keeps no line that its import does not have."""
    matching = match_parts(data.parts, snapshot.parts, decided, with_candidates=with_candidates)
    conflicts = (*matching.conflicts, *_cycles(data, snapshot, matching.matches))
    undecided = {key for conflict in conflicts for key in conflict.keys}
    lines = tuple(_line_steps(data, matching.matches, undecided))
    changing = {
        step.parent_key for step in lines if step.action in (LineAction.ADD, LineAction.CHANGE, LineAction.REMOVE)
    }
    parts = [_part_step(part, matching, undecided) for part in data.parts]
    return ImportPlan(
        format=data.format,
        categories=_missing_categories(data, snapshot),
        parts=tuple(_with_line_changes(step, changing) for step in parts),
        lines=lines,
        conflicts=conflicts,
        tops=data.tops,
        notices=data.notices,
    )


def _part_step(part: ImportedPart, matching: Matching, undecided: set[str]) -> PartStep:
    match = matching.matches.get(part.key)
    if part.key in undecided:
        known = match.known if match else None
        explanation = f"{part.key} waits until a conflict is decided."
        values = known.values if known else values_of(part)
        return PartStep(PartAction.CONFLICT, part, values, explanation, known, state=MatchState.AMBIGUOUS)
    if match is None:
        candidates = matching.candidates.get(part.key, ())
        state = MatchState.PROPOSED if any(each.is_strong for each in candidates) else MatchState.NEW
        explanation = _why_new(part, candidates)
        return PartStep(PartAction.CREATE, part, values_of(part), explanation, state=state, candidates=candidates)
    values = joined(match.known, part)
    changes = differences(match.known.values, values)
    action = PartAction.UPDATE if changes else PartAction.UNCHANGED
    return PartStep(action, part, values, match.explanation, match.known, match.by, changes, MatchState.CERTAIN)


def _why_new(part: ImportedPart, candidates: Sequence[Candidate]) -> str:
    alike = "; ".join(f"{each.cpn}, since {each.reason}" for each in candidates)
    return f"The library has no part {part.key}." + (f" It looks like {alike}." if alike else "")


def _with_line_changes(step: PartStep, changing: set[str]) -> PartStep:
    return (
        replace(step, action=PartAction.UPDATE)
        if step.action is PartAction.UNCHANGED and step.key in changing
        else step
    )


def _line_steps(data: ImportedData, matches: Mapping[str, Match], undecided: set[str]) -> Iterator[LineStep]:
    by_parent: dict[str, list[ImportedLine]] = defaultdict(list)
    for line in data.lines:
        by_parent[line.parent_key].append(line)
    for parent, lines in by_parent.items():
        blocked = [line for line in lines if parent in undecided or line.child_key in undecided]
        for line in blocked:
            yield LineStep(LineAction.BLOCKED, parent, line.child_key, line)
        if parent in undecided:
            continue
        match = matches.get(parent)
        known = match.known.lines if match else ()
        is_blocked = {id(line) for line in blocked}
        wanted = [_wanted(line, matches) for line in lines if id(line) not in is_blocked]
        for pair in pair_lines(wanted, known):
            # A line of the library may be the one that is blocked, so none is removed while any is.
            if pair.wanted is not None or not blocked:
                yield _line_step(parent, pair)


def _wanted(line: ImportedLine, matches: Mapping[str, Match]) -> WantedLine:
    return WantedLine(line, _node(line.child_key, matches), tuple(_node(key, matches) for key in line.substitutes))


def _node(key: str, matches: Mapping[str, Match]) -> str:
    match = matches.get(key)
    return match.known.id if match else key


def _line_step(parent: str, pair: LinePair) -> LineStep:
    if pair.wanted is None:
        assert pair.known is not None, "a pair has at least one side"
        return LineStep(LineAction.REMOVE, parent, pair.known.child_id, None, pair.known)
    if pair.known is None:
        return LineStep(LineAction.ADD, parent, pair.wanted.child, pair.wanted.line)
    changes = line_differences(pair.wanted, pair.known)
    action = LineAction.CHANGE if changes else LineAction.UNCHANGED
    return LineStep(action, parent, pair.wanted.child, pair.wanted.line, pair.known, changes)


def _missing_categories(data: ImportedData, snapshot: Snapshot) -> tuple[ImportedCategory, ...]:
    """With every step above them, each once, from the top down; letter case does not make another category."""
    known = {_folded(path) for path in snapshot.categories}
    wanted = [*data.categories, *(ImportedCategory(part.category_path, origin=part.origin) for part in data.parts)]
    missing: dict[tuple[str, ...], ImportedCategory] = {}
    for category in wanted:
        for depth in range(1, len(category.path) + 1):
            step = category if depth == len(category.path) else ImportedCategory(category.path[:depth])
            if _folded(step.path) not in known:
                earlier = missing.get(_folded(step.path))
                missing[_folded(step.path)] = step if earlier is None or not earlier.description else earlier
    return tuple(sorted(missing.values(), key=lambda category: len(category.path)))


def _folded(path: Sequence[str]) -> tuple[str, ...]:
    return tuple(step.casefold() for step in path)


def _cycles(data: ImportedData, snapshot: Snapshot, matches: Mapping[str, Match]) -> list[PlanConflict]:
    """Loops that the library would have with these lines, its own other lines included."""
    below: dict[str, list[str]] = {
        part.id: [line.child_id for line in part.lines] for part in snapshot.parts if part.lines
    }
    names = {part.id: part.cpn for part in snapshot.parts}
    keys = {_node(part.key, matches): part.key for part in data.parts}
    imported: dict[str, list[str]] = defaultdict(list)
    for line in data.lines:
        imported[_node(line.parent_key, matches)].append(_node(line.child_key, matches))
    below.update(imported)
    found = []
    for loop in _loops(below, imported):
        sentence = f"{' → '.join(keys.get(node, names.get(node, node)) for node in (*loop, loop[0]))} is a loop."
        in_import = tuple(keys[node] for node in loop if node in keys)
        found.append(PlanConflict(ConflictCode.CYCLE, sentence, in_import))
        if len(found) == CYCLES_REPORTED_MAX:
            break
    return found


def _loops(below: Mapping[str, Sequence[str]], starts: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """One loop per way back found by walking depth first; without recursion, since files can be thousands of levels deep."""
    done: set[str] = set()
    for start in starts:
        path: list[str] = []
        on_path: dict[str, int] = {}
        waiting: list[tuple[str, bool]] = [(start, False)]
        while waiting:
            node, leaving = waiting.pop()
            if leaving:
                path.pop()
                del on_path[node]
                done.add(node)
                continue
            if node in on_path:
                yield tuple(path[on_path[node] :])
                continue
            if node in done:
                continue
            on_path[node] = len(path)
            path.append(node)
            waiting.append((node, True))
            waiting.extend((child, False) for child in below.get(node, ()))
