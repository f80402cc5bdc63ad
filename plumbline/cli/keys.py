"""`plumbline keys create|list|revoke`."""

from __future__ import annotations

from typing import Any, Literal

from plumbline.cli.client import Client, connected
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json, print_table

KEY = "{ id name prefix surface userId createdAt expiresAt lastUsedAt revokedAt }"
CREATE = f"mutation Create($input: CreateApiKeyInput!) {{ apiKeys {{ create(input: $input) {{ secret key {KEY} }} }} }}"
LIST = f"query List {{ apiKeys {{ findAll {KEY} }} }}"
REVOKE = f"mutation Revoke($id: ID!) {{ apiKeys {{ revoke(id: $id) {KEY} }} }}"


def create(
    name: str,
    *,
    life_days: int | None = None,
    surface: Literal["hub", "mfg", "kicad"] | None = None,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """Create an API key for the caller. It is shown here once and never again.

    Parameters
    ----------
    name
        What the key is for.
    life_days
        Days until it ends, 1 to 3650; a year without.
    surface
        What it opens: hub (the platform API, without), mfg or kicad (KiCad's HTTP library).
    """
    with connected(target) as client:
        made = created_key(client, name, life_days=life_days, surface=surface)
    if as_json:
        print_json(made)
    else:
        print(made["secret"])


def created_key(client: Client, name: str, *, life_days: int | None, surface: str | None) -> dict[str, Any]:
    """With its `secret`, which is never shown again."""
    wanted = {"name": name, "lifeDays": life_days, "surface": surface}
    made: dict[str, Any] = client.ask(CREATE, {"input": wanted})["apiKeys"]["create"]
    return made


def list_keys(*, target: Target | None = None, as_json: AsJson = False) -> None:
    """List the caller's API keys; for an Administrator, all keys of the library."""
    with connected(target) as client:
        keys = client.ask(LIST)["apiKeys"]["findAll"]
    if as_json:
        print_json(keys)
        return
    rows = [
        (each["id"], each["prefix"], each["surface"], each["name"], each["lastUsedAt"], _state(each)) for each in keys
    ]
    print_table(("id", "prefix", "surface", "name", "last used", "state"), rows)


def revoke(key_id: str, *, target: Target | None = None, as_json: AsJson = False) -> None:
    """End an API key, from the next second on.

    Parameters
    ----------
    key_id
        The key's id, as `plumbline keys list` shows it.
    """
    with connected(target) as client:
        key = client.ask(REVOKE, {"id": key_id})["apiKeys"]["revoke"]
    if as_json:
        print_json(key)
    else:
        print(f"Revoked {key['prefix']} ({key['name']}).")


def _state(key: dict[str, str | None]) -> str:
    return f"revoked {key['revokedAt']}" if key["revokedAt"] else f"ends {key['expiresAt'] or 'never'}"
