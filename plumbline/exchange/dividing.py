"""Rows of which only some places carry the part: one row that is placed, and one that is not.

Whatever cannot be divided for certain stays one row that is placed, with the remark in its notes, and it is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from plumbline.exchange.columns import Role
from plumbline.exchange.fitting import SAID_NO, SAID_YES, divided, places_not_fitted, says_fitting
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.model import Severity
from plumbline.exchange.records import Record

_REMARKS = (Role.FITTING, Role.DO_NOT_PLACE)


def divided_rows(records: Iterable[Record], gatherer: Gatherer) -> Iterator[Record]:
    """Every row as it is, or in two where a text such as `NF(C1 C2)` names some of its places."""
    for record in records:
        yield from _divided(record, gatherer)


def _divided(record: Record, gatherer: Gatherer) -> Sequence[Record]:
    """The row as it is or, where a text names some of its places, as one row that is placed and one that is not."""
    remarks = [role for role in _REMARKS if role in record.texts]
    naming = {role: places for role in remarks if (places := places_not_fitted(record.text(role))) is not None}
    if not naming or not record.is_placed:
        for role in remarks:
            record = record if role in naming else _with_unknown_fitting(record, role, gatherer)
        return (record,)
    text = " and ".join(record.text(role) for role in naming)
    places, amount = record.designators, record.quantity
    fitting = divided(places, [place for named in naming.values() for place in named])
    counted = amount is None or amount.value == len(places)
    if fitting is None or not counted or (amount is None and Role.QUANTITY in record.texts):
        sentence = (
            f"{record.key} has the remark {text}, which does not fit its places and quantity; all were taken as placed."
        )
        gatherer.tell(Severity.WARNING, "FITTING_UNKNOWN", sentence, record.origin)
        for role in naming:
            record = _noted(record, role, record.text(role))
        return (record,)
    unit = f" {amount.unit}" if amount and amount.unit else ""
    sentence = f"{record.key} has the remark {text}; {', '.join(fitting.not_fitted)} became a line that is not placed."
    gatherer.tell(Severity.INFO, "PLACES_NOT_FITTED", sentence, record.origin)
    return tuple(
        _part_of_row(record, some, unit, is_placed=is_placed)
        for some, is_placed in ((fitting.fitted, True), (fitting.not_fitted, False))
        if some
    )


def _part_of_row(record: Record, places: Sequence[str], unit: str, *, is_placed: bool) -> Record:
    texts: dict[Role, str] = {role: text for role, text in record.texts.items() if role not in _REMARKS}
    texts[Role.DESIGNATORS] = ", ".join(places)
    if Role.QUANTITY in texts:
        texts[Role.QUANTITY] = f"{len(places)}{unit}"
    return replace(record, texts=texts if is_placed else {**texts, Role.DO_NOT_PLACE: "dnp"})


def _with_unknown_fitting(record: Record, role: Role, gatherer: Gatherer) -> Record:
    text = record.text(role)
    if says_fitting(text) or (role is Role.DO_NOT_PLACE and text.casefold() in (*SAID_YES, *SAID_NO)):
        return record
    sentence = (
        f"{record.key} has the remark {text}, which does not say that it stays off the board; it was taken as placed."
    )
    severity = Severity.WARNING if role is Role.DO_NOT_PLACE else Severity.INFO
    gatherer.tell(severity, "FITTING_UNKNOWN", sentence, record.origin)
    return _noted(record, role, text)


def _noted(record: Record, role: Role, text: str) -> Record:
    """With a remark that nobody could read moved to the notes, so that it is not lost."""
    texts = {each: written for each, written in record.texts.items() if each is not role}
    return replace(record, texts={**texts, Role.NOTES: "; ".join(filter(None, (record.text(Role.NOTES), text)))})
