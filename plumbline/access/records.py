"""How the rows of access travel in an archive. API keys stay at home: they are secrets of one server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import AfterValidator

from plumbline.access.accounts import EMAIL_LENGTH_MAX, NAME_LENGTH_MAX, checked_email
from plumbline.access.errors import InvalidAccount
from plumbline.kit.actor import Role
from plumbline.kit.record_model import Id, Moment, Record, UserId, about, up_to


def _settled_email(written: str) -> str:
    try:
        is_settled = checked_email(written) == written
    except InvalidAccount:
        is_settled = False
    if not is_settled:
        raise ValueError("name@host in small letters")
    return written


class UserRecord(Record, noun="users", table="users"):
    """Everybody that another record names: members, and people who once changed something. A reference, not an account."""

    withheld_columns: ClassVar[Mapping[str, str]] = {"password_hash": "a secret of the server that made it"}

    id: Id = about("The id by which the other records name the user.")
    email: Annotated[str, up_to(EMAIL_LENGTH_MAX, length_min=3), AfterValidator(_settled_email)] = about(
        "E-mail address in small letters; tells who it is where the library goes."
    )
    name: Annotated[str, up_to(NAME_LENGTH_MAX, length_min=1)] = about("Name on screen.")
    created_at: Moment = about("When the account was made.")


class MemberRecord(Record, noun="members", table="members"):
    """Who may do what in the library. One of them at least is an Administrator."""

    user_id: UserId = about("The user.")
    role: Role = about("View Only, Editor, Manager or Administrator.")


RECORDS = (UserRecord, MemberRecord)
