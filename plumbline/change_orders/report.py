"""A change order as text or Markdown, to be read like a pull request: what it is, who decided what, what changes, what that means (pure).

As in `boms.report`, which writes the parts about components, whatever people wrote is data and never markup, and everything is bounded;
what is left out is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import orjson

from plumbline.boms.report import ReportFormat, escaped, printable, report
from plumbline.change_orders.model import OrderType, StageState
from plumbline.change_orders.templates import template_of

if TYPE_CHECKING:
    from plumbline.access.model import User
    from plumbline.boms.differences import ComponentDifferences
    from plumbline.boms.impact import Impact
    from plumbline.change_orders.model import (
        ChangeOrder,
        Comment,
        Decision,
        Item,
        Result,
        Reviewer,
        ReviewStage,
        Run,
    )
    from plumbline.change_orders.reads.orders import Review

ROWS_MAX = 200
"""Of one section: who has more items, comments or decisions reads them as data."""
ROW_LENGTH_MAX = 1_000
"""A comment may have 20,000 characters."""
DESCRIPTION_LINES_MAX = 50
IMPACTS_MAX = 100
"""Components whose impact is told; each takes up to five sentences."""


class RunAccount(NamedTuple):
    run: Run
    results: Sequence[Result]


@dataclass(frozen=True, slots=True)
class Account:
    """A change order with all that a report tells of it."""

    review: Review
    items: Sequence[Item]
    """Those that it is about; not all where somebody asked for some."""
    decisions: Sequence[Decision]
    """All that were ever made."""
    comments: Sequence[Comment]
    line_names: Mapping[str, str]
    """Part numbers by line id, of lines that are commented on."""
    people: Mapping[str, User]
    statuses: Mapping[str, str]
    run: RunAccount | None
    others: Mapping[int, Sequence[ChangeOrder]]
    """By component key, every change order that is about to change it, this one among them."""
    differences: Sequence[ComponentDifferences] = ()
    impacts: Sequence[Impact] = ()


class Row(NamedTuple):
    text: str
    depth: int = 0


class Section(NamedTuple):
    title: str
    rows: Sequence[Row]


def order_report(account: Account, form: ReportFormat) -> str:
    """The change order with its review first, then a section for each item, then the impact, then what else is about to happen to the
    same parts."""
    order = account.review.order
    before = [
        Section("Review", _bounded(_stage_rows(account))),
        Section("Validation", _bounded(_run_rows(account))),
        Section("Comments", _bounded(_comment_rows(account))),
        Section("Items", _bounded(_item_rows(account))),
    ]
    parts = [
        _title(f"{order.number} {order.name}", form),
        _listed(_bounded(_facts(account)), form),
        _described(order.description, form),
        *(_section(each, form) for each in before),
    ]
    if account.differences:
        parts += [_heading("Differences", form), report(account.differences, form, level=3)]
    if account.impacts:
        told = account.impacts[:IMPACTS_MAX]
        parts += [_heading("Impact", form), report([], form, impacts=told, level=3)]
        parts.append(_listed(_rest(len(account.impacts) - len(told)), form))
    parts.append(_section(Section("In flight on the same parts", _bounded(_flight_rows(account))), form))
    return "\n\n".join(each.strip("\n") for each in parts if each.strip()) + "\n"


def _facts(account: Account) -> Iterator[Row]:
    order = account.review.order
    stage = account.review.stage_under_review
    state = f"State: {account.review.state}" + (f", in the stage {stage.name}" if stage else "")
    yield Row(state)
    yield Row(f"Created by {_person(account, order.created_by)}, {_moment(order.created_at)}; version {order.version}")
    for word, moment in (
        ("Submitted", order.submitted_at),
        ("Resolved", order.resolved_at),
        ("Closed", order.closed_at),
    ):
        if moment is not None:
            yield Row(f"{word} {_moment(moment)}")
    if order.release_change is not None:
        yield Row(f"Released with change {order.release_change} of the library")
    values = orjson.loads(order.contents)
    for field in template_of(order.template).fields():
        value = values.get(field.name)
        if value is not None:
            yield Row(f"{field.label}: {', '.join(map(str, value)) if isinstance(value, list) else value}")
    yield Row(f"Content: {account.review.digest}")


def _stage_rows(account: Account) -> Iterator[Row]:
    for stage in account.review.stages:
        need = f"{stage.approval_type}, at least {stage.minimum}" if stage.minimum > 1 else stage.approval_type
        decided = f" {_moment(stage.decided_at)}" if stage.decided_at else ""
        yield Row(f"{stage.position}. {stage.name}: {stage.state}{decided} ({need})")
        standing = {each.reviewer_id: each for each in account.review.decisions if each.stage_id == stage.id}
        for seat in account.review.seats_of(stage):
            yield Row(_seat(account, stage, seat, standing.get(seat.user_id or "")), 1)
        for decision in account.decisions:
            if decision.stage_id == stage.id and decision.ended_at is not None:
                yield Row(f"before: {_decision(account, decision)}", 1)


def _seat(account: Account, stage: ReviewStage, seat: Reviewer, decision: Decision | None) -> str:
    if decision is not None:
        return _decision(account, decision)
    name = f"{seat.named} (no member)" if seat.user_id is None else _person(account, seat.user_id)
    is_asked = stage.state == StageState.PENDING
    need = ", whose approval is needed" if seat.is_required_to_approve else ", required" if seat.is_required else ""
    return f"{name}: {'pending' if is_asked else 'not decided'}{need if is_asked else ''}"


def _decision(account: Account, decision: Decision) -> str:
    """`Grace Hopper: APPROVED 2026-11-25 10:20 by Alan Turing: As agreed.`"""
    by = f" by {_person(account, decision.decided_by)}" if decision.decided_by != decision.reviewer_id else ""
    note = f": {decision.note}" if decision.note else ""
    reviewer = _person(account, decision.reviewer_id)
    return f"{reviewer}: {decision.verdict} {_moment(decision.decided_at)}{by}{note}"


def _run_rows(account: Account) -> Iterator[Row]:
    if account.run is None:
        return
    run, results = account.run
    when = "" if run.digest == account.review.digest else ", of other content"
    counts = f"{run.pass_count} passed, {run.fail_count} failed, {_counted(run.warning_count, 'warning')}"
    yield Row(f"{run.state} {_moment(run.created_at)}{when}: {counts}")
    for each in results:
        if each.state != "PASS":
            yield Row(f"{each.state} {each.name}: {each.message}", 1)


def _comment_rows(account: Account) -> Iterator[Row]:
    """Threads are numbered as they began, which is how people name them: none ever goes away."""
    items = {each.id: account.review.components[each.component_key].cpn for each in account.review.items}
    replies: dict[str | None, list[Comment]] = {}
    for each in account.comments:
        replies.setdefault(each.parent_id, []).append(each)
    for number, thread in enumerate(replies.get(None, ()), start=1):
        resolved = " (resolved)" if thread.resolved_at is not None else ""
        place = _place(thread, items, account.line_names)
        yield Row(f"#{number} {_person(account, thread.created_by)}{place}: {thread.text}{resolved}")
        for each in replies.get(thread.id, ()):
            yield Row(f"{_person(account, each.created_by)}: {each.text}", 1)


def _place(thread: Comment, items: Mapping[str, str], lines: Mapping[str, str]) -> str:
    """` on 900-00001, line 100-00001, quantity`"""
    item = "" if thread.item_id is None else items.get(thread.item_id, "an item that is gone")
    line = "" if thread.line_id is None else f"line {lines.get(thread.line_id, 'that is gone')}"
    places = ", ".join(each for each in (item, line, thread.field) if each)
    return f" on {places}" if places else ""


def _item_rows(account: Account) -> Iterator[Row]:
    counts = {each.after.id: each.count for each in account.differences}
    for item in account.items:
        component = account.review.components[item.component_key]
        told = [f"version {item.component_version}", *_becomes(account, item)]
        if component.id in counts:
            told.append(_counted(counts[component.id], "difference"))
        if component.version != item.component_version and account.review.order.release_change is None:
            told.append(f"stale: there is a version {component.version}")
        yield Row(f"{component.cpn} {component.name}: {', '.join(told)}")


def _becomes(account: Account, item: Item) -> Iterator[str]:
    if account.review.order.type == OrderType.DCO:
        return
    component = account.review.components[item.component_key]
    is_released = account.review.order.release_change is not None
    if item.proposed_revision is not None:
        before = None if is_released else component.released_revision
        yield f"revision {f'{before} → ' if before else ''}{item.proposed_revision}"
    status, proposed = (account.statuses.get(each, each) for each in (component.status_id, item.proposed_status_id))
    yield f"status {proposed}" if is_released or status == proposed else f"status {status} → {proposed}"


def _flight_rows(account: Account) -> Iterator[Row]:
    for item in account.items:
        component = account.review.components[item.component_key]
        for each in account.others.get(item.component_key, ()):
            if each.id != account.review.order.id:
                yield Row(f"{component.cpn} {component.name}: {each.number} {each.name} ({each.status})")


def _bounded(rows: Iterable[Row]) -> list[Row]:
    """What is left out is counted without being written."""
    remaining = iter(rows)
    shown = list(islice(remaining, ROWS_MAX))
    return [*shown, *_rest(sum(1 for _ in remaining))]


def _rest(count: int) -> list[Row]:
    return [Row(f"… and {count} more")] if count > 0 else []


def _section(section: Section, form: ReportFormat) -> str:
    if not section.rows:
        return ""
    return f"{_heading(section.title, form)}\n\n{_listed(section.rows, form)}"


def _listed(rows: Sequence[Row], form: ReportFormat) -> str:
    if form is ReportFormat.MARKDOWN:
        return "\n".join(f"{'  ' * each.depth}- {escaped(printable(each.text, ROW_LENGTH_MAX))}" for each in rows)
    return "\n".join(f"{'  ' * (each.depth + 1)}{printable(each.text, ROW_LENGTH_MAX)}" for each in rows)


def _title(text: str, form: ReportFormat) -> str:
    return f"# {escaped(printable(text))}" if form is ReportFormat.MARKDOWN else printable(text)


def _heading(title: str, form: ReportFormat) -> str:
    return f"## {title}" if form is ReportFormat.MARKDOWN else f"{title}\n{'=' * len(title)}"


def _described(description: str, form: ReportFormat) -> str:
    """Line by line, as it was written; in Markdown as a quotation, so that none of it can pass for a heading of ours."""
    lines = description.splitlines()
    shown = [printable(each, ROW_LENGTH_MAX) for each in lines[:DESCRIPTION_LINES_MAX]]
    if len(lines) > len(shown):
        shown.append(f"… and {len(lines) - len(shown)} more lines")
    if form is ReportFormat.MARKDOWN:
        return "\n".join(f"> {escaped(each)}".rstrip() for each in shown)
    return "\n".join(f"  {each}".rstrip() for each in shown)


def _person(account: Account, user_id: str) -> str:
    user = account.people.get(user_id)
    return "somebody" if user is None else user.name


def _moment(text: str) -> str:
    """`2026-11-25 10:20 UTC`"""
    return f"{text[:10]} {text[11:16]} UTC"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
