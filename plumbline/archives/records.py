"""How the line of changes, which every room writes along, travels in an archive."""

from __future__ import annotations

from typing import Annotated

from pydantic import JsonValue

from plumbline.kit.record_model import Change, Id, Moment, Record, Stored, UserId, about, up_to


class ChangeSetRecord(Record, noun="change-sets", table="change_sets"):
    """What one transaction changed: who, when and why. Numbered 1, 2, 3 …; moments never run backwards along the numbers."""

    number: Change = about("Its place on the line of changes, by which all other records name it.")
    changed_at: Moment = about("When.")
    user_id: UserId = about("Who.")
    action: Annotated[str, up_to(200)] = about("What was done, such as `create_components`.")
    surface: Annotated[str, up_to(200)] = about("Where it came in, such as `hub` or `cli`.")
    reason: Annotated[str, up_to()] | None = about("What the user said.")
    origin: Annotated[str, up_to(500)] | None = about("What stands behind it, such as an import, as `kind:id`.")


class EventRecord(Record, noun="events", table="outbox"):
    """A fact that others are told of. Events stand in the order in which they happened."""

    change_number: Change = about("The change that it tells of.")
    event_id: Id = about("Its id.")
    kind: Annotated[str, up_to(200)] = about("What happened, such as `components.component_created`.")
    payload: Annotated[dict[str, JsonValue], Stored.JSON] = about(
        "The fields of the event, as they were on the server on which it happened."
    )
    occurred_at: Moment = about("When.")
