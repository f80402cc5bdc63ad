"""What a resolver works with: the caller, one snapshot for all reads of a request, and a fresh one after every change."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Concatenate, ParamSpec, TypeVar

from plumbline.access.reads import members
from plumbline.application import Application, Asking
from plumbline.catalog.reads import Catalog, Checkers, catalog, prepared_rules
from plumbline.kit.actor import Actor
from plumbline.storage.unit_of_work import Scope, UnitOfWork

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class HubContext:
    """Lives for one request, on one thread."""

    def __init__(self, application: Application, actor: Actor) -> None:
        self.application = application
        self.actor = actor
        self._open = ExitStack()
        self._asking: Asking | None = None
        self._catalog: Catalog | None = None

    def ask(
        self,
        read: Callable[Concatenate[Scope, Parameters], Result],
        *arguments: Parameters.args,
        **options: Parameters.kwargs,
    ) -> Result:
        if self._asking is None:
            self._asking = self._open.enter_context(self.application.asking(self.actor))
        return self._asking(read, *arguments, **options)

    def run(
        self,
        action: Callable[Concatenate[UnitOfWork, Parameters], Result],
        *arguments: Parameters.args,
        **options: Parameters.kwargs,
    ) -> Result:
        """Runs the action in its own transaction; what is asked afterwards sees it."""
        self.close()
        return self.application.run(self.actor, action, *arguments, **options)

    @property
    def catalog(self) -> Catalog:
        """The library's catalog, read once per snapshot."""
        if self._catalog is None:
            self._catalog = self.ask(catalog)
        return self._catalog

    @property
    def rules(self) -> Checkers:
        """What the values of the library's components must be."""
        return self.ask(prepared_rules)

    def people(self, text: str) -> tuple[str, ...]:
        """Ids of the members whom a text means: by id, e-mail address or name."""
        wanted = text.strip().lower()
        return tuple(
            each.user.id
            for each in self.ask(members)
            if wanted in (each.user.id, each.user.email, each.user.name.lower())
        )

    def close(self) -> None:
        self._open.close()
        self._asking = None
        self._catalog = None
