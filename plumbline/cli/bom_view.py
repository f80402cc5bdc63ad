"""Options that say which versions of a BOM are meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from cyclopts import Parameter

from plumbline.cli.errors import WrongUsage

ViewName = Literal["working", "released"]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class ChosenView:
    view: Annotated[
        ViewName | None,
        Parameter(help="The newest versions (working, without), or the newest releases (released)."),
    ] = None
    as_of: Annotated[str | None, Parameter(help="As it was at a moment: 2026-01-31, or 2026-01-31T12:00:00Z.")] = None
    as_released: Annotated[
        str | None, Parameter(help="As it was when this revision of the top was released, such as A.")
    ] = None

    @property
    def variables(self) -> dict[str, str | None]:
        """As the fields of `bom` take them."""
        if self.as_released is not None and (self.view is not None or self.as_of is not None):
            raise WrongUsage("--as-released stands alone.", expected="no --view and no --as-of beside it")
        view = self.view.upper() if self.view else None
        return {"view": view, "asOf": self.as_of, "asReleased": self.as_released}

    @property
    def name(self) -> str:
        return "AS_RELEASED" if self.as_released is not None else (self.view or "working").upper()

    @property
    def title(self) -> str:
        """For people: `released`, `working as of 2026-01-31`, `as released A`."""
        if self.as_released is not None:
            return f"as released {self.as_released}"
        return (self.view or "working") + (f" as of {self.as_of}" if self.as_of else "")
