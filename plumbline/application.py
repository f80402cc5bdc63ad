"""The only doors: `run` an action, `ask` a read. Every surface, the command line and the worker come through here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Concatenate, ParamSpec, TypeVar

from plumbline.access.permissions import require
from plumbline.files.ports import FileStore, NoFiles
from plumbline.kit.actor import Actor
from plumbline.kit.clock import Clock, system_clock
from plumbline.kit.ids import IdSource, random_id
from plumbline.storage.engine import Database
from plumbline.storage.unit_of_work import Scope, UnitOfWork
from plumbline.validations.ports import NoRules, RuleRunner

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Application:
    database: Database
    clock: Clock = system_clock
    new_id: IdSource = random_id
    files: FileStore = field(default_factory=NoFiles)
    rules: RuleRunner = field(default_factory=NoRules)

    def run(
        self,
        actor: Actor,
        action: Callable[Concatenate[UnitOfWork, Parameters], Result],
        *arguments: Parameters.args,
        **options: Parameters.kwargs,
    ) -> Result:
        """One action, one transaction. Its events are written with it; a failure anywhere leaves nothing behind."""
        verb = require(actor, action)
        with self.database.writing() as connection:
            work = UnitOfWork(connection, actor, self.clock, self.new_id, action_name=verb.name)
            result = action(work, *arguments, **options)
            work.finish()
        return result

    def ask(
        self,
        actor: Actor,
        read: Callable[Concatenate[Scope, Parameters], Result],
        *arguments: Parameters.args,
        **options: Parameters.kwargs,
    ) -> Result:
        """One read in a snapshot of its own."""
        with self.asking(actor) as asked:
            return asked(read, *arguments, **options)

    @contextmanager
    def asking(self, actor: Actor) -> Iterator[Asking]:
        """Several reads in one snapshot."""
        with self.database.reading() as connection:
            yield Asking(Scope(connection, actor, self.clock))


@dataclass(frozen=True, slots=True)
class Asking:
    """A snapshot to ask reads of; called like `asked(read, arguments …)`."""

    scope: Scope

    def __call__(
        self,
        read: Callable[Concatenate[Scope, Parameters], Result],
        *arguments: Parameters.args,
        **options: Parameters.kwargs,
    ) -> Result:
        require(self.scope.actor, read)
        return read(self.scope, *arguments, **options)
