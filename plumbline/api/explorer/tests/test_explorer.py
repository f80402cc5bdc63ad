"""The explorer is complete, unchanged from its packages, and fetches nothing from elsewhere."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files

from plumbline.api.explorer.files import ASSETS_AT, CONTENT_SECURITY_POLICY, explorer_files, explorer_page


def test_the_page_names_only_files_that_are_shipped() -> None:
    page = explorer_files()["index.html"][0].decode()
    named = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(named) == 7
    for address in named:
        assert address == "data:," or address.removeprefix(f"{ASSETS_AT}/") in explorer_files(), address


def test_the_page_runs_under_its_policy() -> None:
    page = explorer_page("/graphql").decode()
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert re.findall(r"\son\w+=", page) == []
    assert "style=" not in page
    assert "script-src 'self';" in CONTENT_SECURITY_POLICY
    assert "unsafe-eval" not in CONTENT_SECURITY_POLICY
    for name, (body, _) in explorer_files().items():
        if name.endswith(".js"):
            assert b"new Function(" not in body, name
            assert b"eval(" not in body, name


def test_style_sheets_load_nothing_from_elsewhere() -> None:
    for name, (body, _) in explorer_files().items():
        if name.endswith(".css"):
            assert b"@import" not in body
            assert all(
                address.startswith(b"data:") for address in re.findall(rb"url\(\s*['\"]?([^)'\"]{0,20})", body)
            ), name


def test_each_surface_gets_its_own_address_and_key_header() -> None:
    page = explorer_page("/mfg/graphql", key_header="apiToken", assets_at="/x").decode()
    assert 'data-endpoint="/mfg/graphql" data-key-header="apiToken"' in page
    assert 'src="/x/explorer.js"' in page
    assert "{" not in page
    assert "&lt;script" in explorer_page('"><script').decode()


def test_content_types_say_what_the_files_are() -> None:
    kinds = {name: content_type for name, (_, content_type) in explorer_files().items()}
    assert kinds["index.html"] == "text/html; charset=utf-8"
    assert kinds["explorer.js"] == "text/javascript; charset=utf-8"
    assert kinds["vendor/graphiql.min.css"] == "text/css; charset=utf-8"


def test_vendored_files_are_what_their_table_says() -> None:
    table = files("plumbline.api.explorer").joinpath("vendor/VENDORED.md").read_text()
    rows = re.findall(r"^\| `([^`]+)` .*`([0-9a-f]{64})` \|$", table, re.MULTILINE)
    assert len(rows) == 4
    for name, digest in rows:
        assert hashlib.sha256(explorer_files()[f"vendor/{name}"][0]).hexdigest() == digest, name
