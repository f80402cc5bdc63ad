"""A real server process on a real port, on both databases, asked as programs and browsers would."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from plumbline.access.model import NewMember
from plumbline.bootstrap import open_application
from plumbline.founding import found_organization
from plumbline.kit.actor import Role
from plumbline.testing.databases import DIALECTS, fresh_address

QUERY = {"query": "{ library { current { slug } } }"}
BODY_BYTES_MAX = 200_000


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[str]
    address: str
    key: str
    mfg_key: str

    def post(self, **options) -> httpx2.Response:
        options.setdefault("headers", {"x-api-key": self.key})
        return httpx2.post(f"{self.address}/graphql", timeout=30, **options)

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1])


def started(database_address: str, *keys: str) -> Server:
    command = [sys.executable, "-m", "plumbline.cli.main"]
    environment = {**os.environ, "PLUMBLINE_BODY_BYTES_MAX": str(BODY_BYTES_MAX)}
    if database_address.startswith("sqlite"):
        # Its folder is the data folder; the file has a name of its own, which only an address can say.
        environment["PLUMBLINE_DATABASE_URL"] = database_address
    options = ["--port", "0", "--database-url", database_address]
    process = subprocess.Popen(
        [*command, "serve", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    line = process.stdout.readline() if process.stdout else ""
    found = re.search(r"http://[\d.]+:\d+", line)
    assert found, (line, process.communicate(timeout=10))
    return Server(process, found.group(), *keys)


@pytest.fixture(scope="module", params=DIALECTS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    address = fresh_address(request.param)
    application = open_application(address)
    administrator = NewMember("ada@acme.example", "Ada", Role.ADMINISTRATOR)
    founded = found_organization(application, organization="Acme", library="Main", administrator=administrator)
    application.database.close()
    server = started(address, founded.keys["hub"].secret, founded.keys["mfg"].secret)
    yield server
    server.process.send_signal(signal.SIGTERM)
    _, errors = server.process.communicate(timeout=40)
    assert server.process.returncode == 0
    assert '"level": "error"' not in errors
    assert server.key not in errors


def test_the_server_is_ready_as_soon_as_it_says_so(server: Server):
    assert httpx2.get(f"{server.address}/readyz").json() == {"status": "ready"}
    assert httpx2.get(f"{server.address}/healthz").json() == {"status": "ok"}


def test_a_query_is_answered_and_a_bad_key_is_not(server: Server):
    answered = server.post(json=QUERY)
    assert (answered.status_code, answered.json()) == (200, {"data": {"library": {"current": {"slug": "main"}}}})
    bearer = server.post(json=QUERY, headers={"authorization": f"Bearer {server.key}"})
    assert bearer.json() == answered.json()
    for headers in ({}, {"x-api-key": "plk_unknown"}, {"x-api-key": server.mfg_key}):
        refused = server.post(json=QUERY, headers=headers)
        assert refused.status_code == 401
        assert refused.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_tenant_headers_must_fit_the_key(server: Server):
    right = {"x-api-key": server.key, "x-organization": "@acme", "x-library": "@acme/main"}
    assert server.post(json=QUERY, headers=right).status_code == 200
    assert server.post(json=QUERY, headers={**right, "x-library": "@acme/other"}).status_code == 403


def test_content_types_and_bodies_are_taken_exactly(server: Server):
    plain = {"x-api-key": server.key, "content-type": "text/plain"}
    assert server.post(content=b'{"query": "{ __typename }"}', headers=plain).status_code == 415
    document = {"x-api-key": server.key, "content-type": "application/graphql"}
    assert server.post(content=b"{ __typename }", headers=document).json() == {"data": {"__typename": "Query"}}
    broken = {"x-api-key": server.key, "content-type": "application/json"}
    assert server.post(content=b'{"query":', headers=broken).status_code == 400
    assert server.post(content=b" " * (BODY_BYTES_MAX + 1), headers=broken).status_code == 413
    assert server.post(content=b" " * 5_000_000, headers=broken).status_code == 413


def test_a_revoked_key_stops_within_a_second(server: Server):
    make = {"query": 'mutation { apiKeys { create(input: {name: "short"}) { secret key { id } } } }'}
    made = server.post(json=make).json()["data"]["apiKeys"]["create"]
    headers = {"x-api-key": made["secret"]}
    assert server.post(json=QUERY, headers=headers).status_code == 200
    end = {
        "query": "mutation($id: ID!) { apiKeys { revoke(id: $id) { id } } }",
        "variables": {"id": made["key"]["id"]},
    }
    assert "errors" not in server.post(json=end).json()
    time.sleep(1.0)
    assert server.post(json=QUERY, headers=headers).status_code == 401


def test_a_browser_gets_the_explorer_and_all_it_needs(server: Server):
    page = httpx2.get(f"{server.address}/graphql", headers={"accept": "text/html"})
    assert page.status_code == 200
    for path in set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)):
        assert httpx2.get(server.address + path).status_code == 200, path
    head = httpx2.head(f"{server.address}/graphql", headers={"accept": "text/html"})
    assert (head.status_code, head.content) == (200, b"")


def test_unknown_addresses_and_methods_are_refused_as_json(server: Server):
    assert httpx2.get(f"{server.address}/nowhere").json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert httpx2.put(f"{server.address}/graphql").status_code == 405
    assert httpx2.get(f"{server.address}/graphql").headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_a_client_that_hangs_up_does_no_harm(server: Server):
    for sent in (
        b"POST /graphql HTTP/1.1\r\n",
        b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n{",
        b"\x00\xff",
    ):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(sent)
    assert server.post(json=QUERY).status_code == 200


def test_a_head_without_end_is_cut_off(server: Server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nhost: x\r\n")
        with pytest.raises(OSError):
            for number in range(200):
                connection.sendall(b"x-%d: " % number + b"a" * 10_000 + b"\r\n")
                time.sleep(0.002)
            assert connection.recv(1) == b""
            raise ConnectionResetError
    assert server.post(json=QUERY).status_code == 200


def test_many_clients_at_once_are_all_answered(server: Server):
    statuses: list[int] = []

    def ask() -> None:
        with httpx2.Client(timeout=30) as client:
            for _ in range(10):
                answer = client.post(f"{server.address}/graphql", json=QUERY, headers={"x-api-key": server.key})
                statuses.append(answer.status_code)

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 160


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("change-orders/schema.json", "application/schema+json; charset=utf-8"),
        ("change-orders/default.yaml", "application/yaml; charset=utf-8"),
        ("change-orders/double.yaml", "application/yaml; charset=utf-8"),
        ("categories/schema.json", "application/schema+json; charset=utf-8"),
        ("category-sets/duro/mechanical-categories/1.0.1.yaml", "application/yaml; charset=utf-8"),
        ("numbering/category-sequence.yaml", "application/yaml; charset=utf-8"),
    ],
)
def test_schemas_and_shipped_documents_are_served_to_any_editor(server, path, content_type) -> None:
    answer = httpx2.get(f"{server.address}/static/schemes/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)
    assert answer.headers["access-control-allow-origin"] == "*"
    again = httpx2.get(f"{server.address}/static/schemes/{path}", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    if path.endswith(".json"):
        assert answer.json()["$id"] == f"/static/schemes/{path}"


@pytest.mark.parametrize("path", ["", "nothing.json", "../schemas/hub.graphql", "categories/../../x", "%2e%2e/x"])
def test_nothing_else_is_served_beside_them(server, path) -> None:
    assert httpx2.get(f"{server.address}/static/schemes/{path}").status_code == 404


LIST = "query { validations { list { edges { node { id name code description onFailure isActive version } } } } }"
CREATE = "mutation ($input: CreateValidationRuleInput!) { validations { create(input: $input) { id name } } }"
UPDATE = "mutation ($id: ID!, $input: UpdateValidationRuleInput!) { validations { update(id: $id, input: $input) { id name } } }"
COMPARED = ("code", "description", "onFailure", "isActive", "version")


@dataclass
class RuleSync:
    """What programs do that keep the rules of a repository and of a library alike: by name, and never deleting."""

    server: Server
    calls: list[str]

    def ask(self, text: str, **variables: object) -> dict[str, Any]:
        answer = self.server.post(json={"query": text, "variables": variables}).json()
        assert "errors" not in answer, "any errors, even an empty list, are a failure to these programs"
        return answer["data"]["validations"]

    def run(self, wanted: list[dict[str, Any]]) -> list[str]:
        """The calls that it took."""
        self.calls.clear()
        known = {edge["node"]["name"]: edge["node"] for edge in self.ask(LIST)["list"]["edges"]}
        for rule in wanted:
            present = known.get(rule["name"])
            if present is None:
                self.calls.append(f"create {rule['name']}")
                self.ask(CREATE, input={**rule, "type": "custom"})
            elif any(present[field] != rule[field] for field in COMPARED):
                self.calls.append(f"update {rule['name']}")
                self.ask(UPDATE, id=present["id"], input={field: rule[field] for field in COMPARED})
        names = {rule["name"] for rule in wanted}
        for present in known.values():
            if present["name"] not in names and present["isActive"]:
                self.calls.append(f"switch off {present['name']}")
                self.ask(UPDATE, id=present["id"], input={"isActive": False})
        return list(self.calls)


def rule(name: str, **fields: object) -> dict[str, Any]:
    code = f"// {name}\r\nexports.validate = async (data) => ({{ valid: true }});\n\n"
    return {
        "name": name,
        "code": code,
        "description": "",
        "onFailure": "ERROR",
        "isActive": True,
        "version": "1.0.0",
        **fields,
    }


def test_rules_of_a_repository_are_brought_up_to_date_once(server: Server):
    sync = RuleSync(server, [])
    wanted = [
        rule("Mass: every part"),
        rule("Größe 😀", description=" blanks \n\tand 'quotes': \"too\" \\ ", onFailure="WARNING", version="v1"),
        rule("质量", description=None, isActive=False, version="1.10"),
        rule("- null", description="null", version="~"),
        *(rule(f"Rule {number}", description="true # no comment") for number in range(60)),
    ]
    assert sync.run(wanted) == [f"create {each['name']}" for each in wanted]
    assert sync.run(wanted) == []
    wanted[0] = {**wanted[0], "code": wanted[0]["code"] + "// changed"}
    wanted[2] = {**wanted[2], "isActive": True, "version": "1.1"}
    gone = wanted.pop()
    assert sync.run(wanted) == ["update Mass: every part", "update 质量", f"switch off {gone['name']}"]
    assert sync.run(wanted) == []
    assert sync.run([]) == [f"switch off {name}" for name in sorted((each["name"] for each in wanted), key=str.lower)]
    assert sync.run([]) == []
    assert sync.run(wanted[:1]) == ["update Mass: every part"]
