"""What an archive holds: the kinds of records in their order, and what is left out, each with a reason.

A record names only records that stand before it, in its own file or in one before.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from plumbline.access import records as access
from plumbline.archives.records import ChangeSetRecord, EventRecord
from plumbline.boms import records as boms
from plumbline.catalog import records as catalog
from plumbline.change_orders import records as change_orders
from plumbline.components import records as components
from plumbline.definitions import records as definitions
from plumbline.exchange import archived_records as exchange
from plumbline.imports import records as imports
from plumbline.kit.record_model import Layout, Record, layout_of
from plumbline.numbering import records as numbering

RECORDS: tuple[type[Record], ...] = (
    access.UserRecord,
    access.MemberRecord,
    ChangeSetRecord,
    *definitions.RECORDS,
    *catalog.RECORDS,
    *numbering.RECORDS,
    *components.RECORDS,
    *boms.RECORDS,
    *change_orders.RECORDS,
    *exchange.RECORDS,
    *imports.RECORDS,
    EventRecord,
)

IN_THE_MANIFEST = {
    "organizations": "one row, in manifest.json",
    "libraries": "one row, in manifest.json",
    "change_counters": "one row, in manifest.json",
}
LEFT_OUT = {
    "api_keys": "secrets of one server; new ones are made where the library goes",
    "uploads": "files on their way in, with secrets, which expire; what came of them is in the library",
    "jobs": "work that a server has still to do, and no part of a library",
}
"""Tables without a file of their own."""


def file_name(record: type[Record]) -> str:
    return f"{record.noun}.jsonl"


@cache
def layouts() -> Mapping[str, Layout]:
    """How each kind of record lies in its table, by noun."""
    return {record.noun: layout_of(record) for record in RECORDS}


def file_names() -> list[str]:
    return [file_name(record) for record in RECORDS]
