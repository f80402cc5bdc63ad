"""What a server loads when it starts: nothing that only a first plan, a first export or another database needs."""

from __future__ import annotations

import subprocess
import sys

LATE = ("pydantic", "re2", "regex", "yaml", "argon2", "xlsxwriter", "alembic", "structlog", "psycopg")


def test_a_start_loads_no_library_that_it_does_not_need() -> None:
    names = ", ".join(map(repr, (*LATE, "sqlalchemy.dialects.postgresql")))
    program = (
        "import sys, plumbline.cli.serve, plumbline.cli.serving, plumbline.bootstrap, plumbline.api.asgi\n"
        f"print([name for name in ({names}) if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
