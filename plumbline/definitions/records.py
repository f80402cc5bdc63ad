"""How the configuration documents of a library, and its versions, travel in an archive."""

from __future__ import annotations

from typing import Annotated

from plumbline.kit.record_model import (
    Change,
    Counted,
    EndChange,
    Id,
    Moment,
    Record,
    Stored,
    UserId,
    about,
    up_to,
)


class DefinitionRecord(Record, noun="configuration-documents", table="definitions"):
    """One version of one configuration document."""

    id: Id = about("The id of the document, the same in all its versions.")
    kind: Annotated[str, up_to(200, length_min=1)] = about("Its `schema_type`.")
    name: Annotated[str, up_to(500)] = about("Tells documents of a kind apart; empty where there is one of the kind.")
    version: Counted = about("1, 2, 3 …")
    text: Annotated[str, up_to()] = about("The document as it was written.")
    from_change: Change = about("The change with which it came into force.")
    to_change: EndChange = about("The change with which it ended; null while it is in force.")
    created_at: Moment = about("When it came into force.")
    created_by: UserId = about("Who put it in force.")


class ConfigurationVersionRecord(Record, noun="configuration-versions", table="configuration_versions"):
    """All configuration documents together, after they were changed in one go: what a rollback goes back to."""

    number: Counted = about("1, 2, 3 …")
    change: Change = about("The change that made it.")
    origin: Annotated[str, up_to(200)] = about("What was done: `apply`, `rollback`, `founding`, `template` or `rule`.")
    reason: Annotated[str, up_to()] = about("What its author said.")
    steps: Annotated[tuple[Annotated[str, up_to()], ...], Stored.JSON] = about("What changed, a sentence each.")
    created_at: Moment = about("When.")
    created_by: UserId = about("By whom.")


RECORDS = (DefinitionRecord, ConfigurationVersionRecord)
