"""What the explorer is made of: one page per GraphQL endpoint, and the files that all pages share."""

from __future__ import annotations

import html
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

ASSETS_AT = "/static/explorer"

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        # GraphiQL's dialogs add style elements of their own while they are open.
        "style-src 'self' 'unsafe-inline'",
        "font-src data:",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""To be sent with the page."""

CONTENT_TYPES = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}
ASSETS = (
    "explorer.js",
    "explorer.css",
    "vendor/graphiql.min.js",
    "vendor/graphiql.min.css",
    "vendor/react.production.min.js",
    "vendor/react-dom.production.min.js",
    "vendor/THIRD-PARTY-LICENSES.txt",
)


@cache
def explorer_files() -> Mapping[str, tuple[bytes, str]]:
    """Bytes and content type by path below `ASSETS_AT`; `index.html` is the page for `/graphql`."""
    shipped = {path: (_shipped(path), CONTENT_TYPES[path.rsplit(".", 1)[1]]) for path in ASSETS}
    return MappingProxyType({"index.html": (explorer_page("/graphql"), CONTENT_TYPES["html"]), **shipped})


def explorer_page(endpoint: str, *, key_header: str = "x-api-key", assets_at: str = ASSETS_AT) -> bytes:
    """The page that talks to `endpoint`, with the header prepared that carries the caller's key there."""
    page = _shipped("index.html").decode()
    for name, value in (("assets", assets_at), ("endpoint", endpoint), ("key_header", key_header)):
        page = page.replace(f"{{{name}}}", html.escape(value))
    return page.encode()


def _shipped(path: str) -> bytes:
    return files("plumbline.api.explorer").joinpath(path).read_bytes()
