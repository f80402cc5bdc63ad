from __future__ import annotations

import json
import signal
import socket
import stat
import subprocess
import sys

import httpx2
import pytest

from plumbline.access.reads import library_addresses
from plumbline.bootstrap import open_application
from plumbline.testing.databases import fresh_address

PERSON = ("--organization", "Acme Robotics", "--library", "Main Library", "--admin-email", "Ada@Acme.example")


def test_init_answers_exactly_what_programs_rely_on(plumbline, dialect):
    address = fresh_address(dialect)
    made = plumbline("init", "--database-url", address, *PERSON, "--json").json
    assert set(made) == {"organization", "library", "user", "keys"}
    assert set(made["organization"]) == set(made["library"]) == {"id", "slug"}
    assert (made["organization"]["slug"], made["library"]["slug"]) == ("acme-robotics", "main-library")
    assert set(made["user"]) == {"id", "email"}
    assert made["user"]["email"] == "ada@acme.example"
    assert set(made["keys"]) == {"hub", "mfg"}
    again = plumbline("init", "--database-url", address, *PERSON, "--json")
    assert (again.code, again.out) == (1, "")
    assert "has a library main-library already" in again.err
    application = open_application(address)
    assert len(library_addresses(application.database)) == 1
    application.database.close()


def test_init_takes_a_password_from_standard_input(tmp_path):
    command = [sys.executable, "-m", "plumbline.cli.main", "init", "--data", str(tmp_path / "d"), *PERSON]
    short = subprocess.run(
        [*command, "--admin-password-stdin"], input="short\n", capture_output=True, text=True, check=False
    )
    assert short.returncode == 1
    assert "12 to 200 characters" in short.stderr
    long = subprocess.run(
        [*command, "--admin-password-stdin"], input="a sentence is fine\n", capture_output=True, text=True, check=False
    )
    assert long.returncode == 0, long.stderr
    assert stat.S_IMODE((tmp_path / "d").stat().st_mode) == 0o700


def test_init_refuses_what_cannot_be_a_name_or_an_address(plumbline, tmp_path):
    wrong = {"--admin-email": "nobody", "--organization": "???", "--library": ""}
    for option, value in wrong.items():
        arguments = list(PERSON)
        arguments[arguments.index(option) + 1] = value
        assert plumbline("init", "--data", tmp_path / "d", *arguments).code == 1


def test_a_database_that_cannot_be_reached_is_said_without_its_password(plumbline):
    refused = plumbline("serve", "--database-url", "postgresql://me:s3cret@127.0.0.1:1/none")
    assert refused.code == 1
    assert "cannot be opened" in refused.err
    assert "s3cret" not in refused.err
    assert plumbline("serve", "--database-url", "mysql://x/y").code == 1


def test_a_server_is_made_served_filled_and_asked(plumbline, start, library, bom_file):
    server = start("serve", "--data", library, "--port", 0)
    local_key = plumbline("keys", "create", "test", "--data", library, "--json").json["secret"]
    over_http = ("--url", server.address, "--api-key", local_key)
    imported = plumbline("import", bom_file, *over_http, "--json").json
    assert (imported["created"], imported["lines"], len(imported["tops"])) == (5, 5, 1)
    top = imported["tops"][0]
    for arguments in (
        ("bom", "explode", top, "--flat"),
        ("bom", "explode", top),
        ("bom", "where-used", top),
        ("bom", "compare", top, "--from", 1, "--to", 2),
        ("import", bom_file),
        ("import", bom_file, "--dry-run"),
        ("users", "list"),
    ):
        remote = plumbline(*arguments, *over_http, "--json").json
        assert remote == plumbline(*arguments, "--data", library, "--json").json, arguments
    wrong = plumbline("bom", "explode", "nope", *over_http)
    assert (wrong.code, wrong.err) == (1, plumbline("bom", "explode", "nope", "--data", library).err)
    bad_key = plumbline("users", "list", "--url", server.address, "--api-key", "plk_nobody")
    assert bad_key.code == 1
    assert "API key" in bad_key.err
    taken = plumbline("serve", "--data", library, "--port", server.address.rsplit(":", 1)[1])
    assert taken.code == 1
    assert "is taken by another program" in taken.err
    assert server.stop() == 0


def test_a_request_that_was_begun_is_answered_before_the_server_stops(start, library, plumbline):
    key = plumbline("keys", "create", "test", "--data", library, "--json").json["secret"]
    server = start("serve", "--data", library, "--port", 0, "--no-worker")
    host, port = server.address.removeprefix("http://").split(":")
    body = json.dumps({"query": "{ library { current { slug } } }"}).encode()
    head = f"POST /graphql HTTP/1.1\r\nhost: x\r\nx-api-key: {key}\r\ncontent-type: application/json\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body[:10])
        assert httpx2.get(f"{server.address}/healthz").status_code == 200
        server.process.send_signal(signal.SIGINT)
        connection.sendall(body[10:])
        answer = connection.recv(100_000)
    assert answer.startswith(b"HTTP/1.1 200")
    assert server.process.wait(timeout=40) == 0


def test_a_demo_shows_the_same_keys_every_time_and_they_work(plumbline, start, tmp_path):
    folder = tmp_path / "demo"
    first = start("demo", "--data", folder, "--port", 0, lines=13)
    access = json.loads((folder / "demo-access.json").read_text())
    assert stat.S_IMODE((folder / "demo-access.json").stat().st_mode) == 0o600
    for said in (access["keys"]["hub"], access["keys"]["mfg"], access["password"], access["user"]["email"], "curl"):
        assert said in first.said
    assert first.stop() == 0
    second = start("demo", "--data", folder, "--port", 0, lines=13)
    assert second.said.replace(second.address, "") == first.said.replace(first.address, "")
    headers = {"x-api-key": access["keys"]["hub"]}
    query = {"query": "{ components(first: 5) { totalCount nodes { cpn name } } }"}
    answer = httpx2.post(f"{second.address}/graphql", json=query, headers=headers).json()
    assert answer["data"]["components"]["totalCount"] > 50
    assert plumbline("bom", "explode", access["top"], "--flat", "--json", "--data", folder).json["lines"]
    assert second.stop() == 0


def test_a_demo_touches_no_folder_of_others(plumbline, library):
    refused = plumbline("demo", "--data", library)
    assert refused.code == 1
    assert "was not made by the demo" in refused.err
    assert (library / "plumbline.db").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_by_itself_stops_cleanly(library, number):
    process = subprocess.Popen(
        [sys.executable, "-m", "plumbline.cli.main", "worker", "--data", str(library)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert "waits for jobs" in process.stdout.readline()
    process.send_signal(number)
    process.communicate(timeout=40)
    assert process.returncode == 0
