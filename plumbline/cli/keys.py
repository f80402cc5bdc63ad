"""`plumbline keys create|list|revoke`."""

from __future__ import annotations

from plumbline.cli.client import connected
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json, print_table

KEY = "{ id name prefix surface userId createdAt expiresAt lastUsedAt revokedAt }"
CREATE = f"mutation Create($input: CreateApiKeyInput!) {{ apiKeys {{ create(input: $input) {{ secret key {KEY} }} }} }}"
LIST = f"query List {{ apiKeys {{ findAll {KEY} }} }}"
REVOKE = f"mutation Revoke($id: ID!) {{ apiKeys {{ revoke(id: $id) {KEY} }} }}"


def create(name: str, *, life_days: int | None = None, target: Target | None = None, as_json: AsJson = False) -> None:
    """Create an API key for the caller. It is shown here once and never again.

    Parameters
    ----------
    name
        What the key is for.
    life_days
        Days until it ends, 1 to 3650; a year without.
    """
    with connected(target) as client:
        made = client.ask(CREATE, {"input": {"name": name, "lifeDays": life_days}})["apiKeys"]["create"]
    if as_json:
        print_json(made)
    else:
        print(made["secret"])


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
