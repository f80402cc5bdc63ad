"""Settings: one small frozen group per subject, read once from the environment, each with its default and what it is for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from plumbline.kit.errors import Refusal


class SettingInvalid(Refusal):
    """An environment variable that cannot be understood."""

    code = "CONFIGURATION_INVALID"


def setting(variable: str, default: Any, help_text: str) -> Any:
    return field(default=default, metadata={"variable": variable, "help": help_text})


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    data: str = setting("PLUMBLINE_DATA", "plumbline-data", "The folder of the SQLite database and of files.")
    url: str = setting("PLUMBLINE_DATABASE_URL", "", "A PostgreSQL address; empty for SQLite in the data folder.")
    files: str = setting(
        "PLUMBLINE_FILES_URL",
        "",
        "Where files are kept: `s3://bucket/prefix`, `gs://…` or `az://…`; empty for the data folder.",
    )

    @property
    def address(self) -> str:
        return self.url or f"sqlite:///{Path(self.data) / 'plumbline.db'}"

    @property
    def files_address(self) -> str:
        return self.files or (Path(self.data).absolute() / "files").as_uri()


@dataclass(frozen=True, slots=True)
class WebSettings:
    host: str = setting("PLUMBLINE_HOST", "127.0.0.1", "The address to listen on.")
    port: int = setting("PLUMBLINE_PORT", 8000, "The port to listen on; 0 takes a free one.")
    threads: int = setting("PLUMBLINE_THREADS", 4, "Requests answered at the same time in one process.")
    body_bytes_max: int = setting("PLUMBLINE_BODY_BYTES_MAX", 16 * 1024 * 1024, "Bytes that one request may send.")
    fast_execution: bool = setting(
        "PLUMBLINE_FAST_EXECUTION", True, "Compiled list plans for GraphQL answers; off for comparison."
    )


@dataclass(frozen=True, slots=True)
class RateLimitSettings:
    per_minute: int = setting("PLUMBLINE_RATE_LIMIT_PER_MINUTE", 0, "Requests per API key and minute; 0 for no limit.")
    burst: int = setting(
        "PLUMBLINE_RATE_LIMIT_BURST", 100, "Requests that a key may make at once before the limit bites."
    )


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    poll_seconds: float = setting("PLUMBLINE_WORKER_POLL_SECONDS", 1.0, "Pause of an idle worker.")


@dataclass(frozen=True, slots=True)
class RuleSettings:
    seconds: float = setting("PLUMBLINE_RULES_SECONDS", 2.0, "Seconds that one validation rule may run.")
    run_seconds: float = setting(
        "PLUMBLINE_RULES_RUN_SECONDS", 30.0, "Seconds that all validation rules of one change order may take."
    )
    memory_mebibytes: int = setting(
        "PLUMBLINE_RULES_MEMORY_MIB",
        64,
        "Memory of one validation rule with the change order that it reads; 16 at least.",
    )
    processes: int = setting("PLUMBLINE_RULES_PROCESSES", 2, "Change orders whose rules run at the same time.")

    @property
    def memory_bytes(self) -> int:
        return self.memory_mebibytes << 20


@dataclass(frozen=True, slots=True)
class Settings:
    database: DatabaseSettings = DatabaseSettings()
    web: WebSettings = WebSettings()
    rate_limit: RateLimitSettings = RateLimitSettings()
    worker: WorkerSettings = WorkerSettings()
    rules: RuleSettings = RuleSettings()


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Refuses the first variable that cannot be understood."""
    return Settings(
        _group(DatabaseSettings, environment),
        _group(WebSettings, environment),
        _group(RateLimitSettings, environment),
        _group(WorkerSettings, environment),
        _group(RuleSettings, environment),
    )


def settings_reference() -> list[tuple[str, str, str]]:
    """Every variable with its default and its help, for the documentation."""
    groups = (DatabaseSettings, WebSettings, RateLimitSettings, WorkerSettings, RuleSettings)
    return [
        (each.metadata["variable"], str(each.default), each.metadata["help"])
        for group in groups
        for each in fields(group)
    ]


def _group(group: type[Any], environment: Mapping[str, str]) -> Any:
    values = {}
    for each in fields(group):
        text = environment.get(each.metadata["variable"])
        if text is not None:
            values[each.name] = _value(each.metadata["variable"], text, type(each.default))
    return group(**values)


def _value(variable: str, text: str, kind: type[Any]) -> Any:
    if kind is bool:
        known = {
            "1": True,
            "true": True,
            "on": True,
            "yes": True,
            "0": False,
            "false": False,
            "off": False,
            "no": False,
        }
        if text.lower() not in known:
            raise SettingInvalid(f"{variable} is {text!r}.", expected="true or false")
        return known[text.lower()]
    try:
        return kind(text)
    except ValueError:
        raise SettingInvalid(f"{variable} is {text!r}.", expected=f"a value of type {kind.__name__}") from None
