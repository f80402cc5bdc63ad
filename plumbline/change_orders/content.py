"""The content of a change order that a decision speaks of, and its digest (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import orjson

from plumbline.change_orders.model import ChangeOrder, Item


def digest_of(order: ChangeOrder, items: Sequence[Item], component_ids: Mapping[int, str]) -> str:
    """SHA-256 over everything that somebody approves: what the order says, and each item with its version, revision and status.

    Versions never change, so that naming one is naming all that it holds, its lines included.
    """
    said = {
        "number": order.number,
        "name": order.name,
        "description": order.description,
        "contents": orjson.loads(order.contents),
        "items": [
            [component_ids[each.component_key], each.component_version, each.proposed_status_id, each.proposed_revision]
            for each in sorted(items, key=lambda each: component_ids[each.component_key])
        ],
    }
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()
