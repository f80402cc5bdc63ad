"""What the cells below a title add to what it says: part numbers that are only a count, names that are places on a board.

Each rule takes the columns of a table and their cells, and answers with the columns as it reads them; a column that the user's
mapping speaks of stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from plumbline.exchange.amounts import price_in, quantity_in
from plumbline.exchange.columns import (
    GUESSED,
    IDENTITY_ROLES,
    LIKELY,
    MAYBE,
    SAID,
    Column,
    Role,
    column_titled,
    folded_title,
)
from plumbline.exchange.designators import are_designators, designators_in
from plumbline.exchange.fitting import SAID_NO, SAID_YES
from plumbline.exchange.headers import Block, with_roles_once
from plumbline.exchange.placeholders import PLACEHOLDERS

_SAMPLE_ROWS = 2_000
_SHARE_MIN = 0.9
"""Of the cells that must bear a reading out; a few rows are always odd."""
_CELLS_MIN = 3
_CENT = Decimal("0.01")
"""What rounding of each unit price may add up to."""
_SHORT_TITLE_MAX = 3
_SHOP_LENGTH_MAX = 60
_AMBIGUOUS_PLACES = frozenset(folded_title(word) for word in ("n.m", "dnl", "dnm", "nf"))
"""Also units and names of things; their cells have to answer yes or no."""

Cells = Sequence[Sequence[str]]
"""By column: what the rows say, blanks included, in their order."""
Rule = Callable[[list[Column], Cells], list[Column]]


def read_by_contents(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with their columns read once more, now with the cells below; columns of one title mean the same in all blocks."""
    titles = dict.fromkeys(column.title for block in blocks for column in block.header.columns)
    if len(blocks) == 1:
        header = blocks[0].header
        columns = _read(list(header.columns), _cells(blocks[0], len(header.columns)))
        return [replace(blocks[0], header=replace(header, columns=tuple(columns)))]
    joined = _joined(blocks, list(titles))
    first = {column.title: column for block in reversed(blocks) for column in block.header.columns}
    read = dict(zip(titles, _read([first[title] for title in titles], joined), strict=True))
    return [
        replace(
            block, header=replace(block.header, columns=tuple(_kept(column, read) for column in block.header.columns))
        )
        for block in blocks
    ]


def _kept(column: Column, read: dict[str, Column]) -> Column:
    """Two columns of one title in a block differ by their group, which their place told."""
    return column if column.group or not column.title else read[column.title]


def _read(columns: list[Column], cells: Cells) -> list[Column]:
    for rule in _RULES:
        before = columns
        columns = [
            old if old.confidence == SAID else new for old, new in zip(before, rule(list(before), cells), strict=True)
        ]
    return with_roles_once(columns)


def _cells(block: Block, width: int) -> Cells:
    rows = [row.cells for row in block.rows[:_SAMPLE_ROWS]]
    return [[cells[column].strip() if column < len(cells) else "" for cells in rows] for column in range(width)]


def _joined(blocks: Sequence[Block], titles: Sequence[str]) -> Cells:
    found: dict[str, list[str]] = {title: [] for title in titles}
    for block in blocks:
        of_block = dict[str, Sequence[str]]()
        for column, cells in zip(block.header.columns, _cells(block, len(block.header.columns)), strict=True):
            of_block.setdefault(column.title, cells)
        for title in titles:
            found[title].extend(of_block.get(title, [""] * len(block.rows)))
    return [found[title] for title in titles]


def _uncertain_numbers(columns: list[Column], cells: Cells) -> list[Column]:
    """A code is the part number only when nearly every row has one."""
    for index, column in enumerate(columns):
        if column.role is Role.NUMBER and column.confidence <= GUESSED:
            filled = _filled(cells[index])
            is_number = len(filled) >= len(cells[index]) * _SHARE_MIN and not _counts_rows(cells[index])
            reason = f"{column.reason}, and nearly every row has one" if is_number else "not every row has one"
            columns[index] = replace(
                column,
                role=Role.NUMBER if is_number else None,
                confidence=MAYBE if is_number else GUESSED,
                reason=reason,
            )
    return columns


def _counted_rows(columns: list[Column], cells: Cells) -> list[Column]:
    """`Component` or `Item` over 1, 2, 3 is the item number; a letter over them says nothing at all."""
    roles = {column.role for column in columns}
    for index, column in enumerate(columns):
        if not column.title or not _counts_rows(cells[index]):
            continue
        if column.role is Role.NAME and Role.ITEM_NUMBER not in roles:
            columns[index] = replace(column, role=Role.ITEM_NUMBER, confidence=LIKELY, reason="counts the rows")
        elif column.role is None and len(column.title) <= _SHORT_TITLE_MAX:
            columns[index] = replace(column, role=Role.IGNORED, confidence=LIKELY, reason="only counts the rows")
    return columns


def _dotted_numbers(columns: list[Column], cells: Cells) -> list[Column]:
    """`1`, `1.1`, `1.1.2` in the item numbers are levels, where what a number stands below is there too."""
    if {column.role for column in columns} & {Role.LEVEL, Role.PARENT, Role.ASSEMBLY}:
        return columns
    for index, column in enumerate(columns):
        if column.role is Role.ITEM_NUMBER and _are_outline(cells[index]):
            columns[index] = replace(
                column, role=Role.LEVEL, confidence=LIKELY, reason="dotted numbers, one below the other"
            )
    return columns


def _places(columns: list[Column], cells: Cells) -> list[Column]:
    """`Part` over `R1, R2` names places; `Designation` over `100 nF` does not."""
    has_places = False
    for index, column in enumerate(columns):
        is_designation = column.role is Role.DESIGNATORS and folded_title(column.title) == "designation"
        if is_designation and not _are_places(cells[index]):
            columns[index] = replace(column, role=Role.VALUE, confidence=MAYBE, reason="its cells are no places")
        has_places = has_places or columns[index].role is Role.DESIGNATORS
    if has_places:
        return _second_designation(columns, cells)
    for index, column in enumerate(columns):
        if column.role in (Role.NAME, Role.ITEM_NUMBER) and _are_places(cells[index]):
            columns[index] = replace(column, role=Role.DESIGNATORS, confidence=LIKELY, reason="its cells are places")
            break
    return columns


def _second_designation(columns: list[Column], cells: Cells) -> list[Column]:
    """Beside designators, a designation is what the part is called."""
    if any(column.role in (Role.VALUE, Role.NAME) for column in columns):
        return columns
    for index, column in enumerate(columns):
        if column.role is None and folded_title(column.title) == "designation" and not _are_places(cells[index]):
            columns[index] = replace(column, role=Role.VALUE, confidence=MAYBE, reason="its cells are no places")
    return columns


def _fitting_marks(columns: list[Column], cells: Cells) -> list[Column]:
    """`N.M` says that a part is not mounted where its cells answer yes or no, and may be a length otherwise."""
    for index, column in enumerate(columns):
        if column.role is Role.DO_NOT_PLACE and folded_title(column.title) in _AMBIGUOUS_PLACES:
            answers = {cell.casefold() for cell in _filled(cells[index])}
            if folded_title(column.title) == "nm" and not answers <= SAID_YES | SAID_NO:
                columns[index] = replace(column, role=None, confidence=MAYBE, reason="its cells are no yes or no")
    return columns


def _pairs(columns: list[Column], cells: Cells) -> list[Column]:
    """`CATALOG, CATALOG PART NUMBER`: a name and a number of the same somebody, the maker where nobody else is."""
    roles = {column.role for column in columns}
    if Role.MANUFACTURER in roles:
        return columns
    for index, column in enumerate(columns[:-1]):
        behind = columns[index + 1]
        begins = len(column.title) >= _SHORT_TITLE_MAX and behind.title.casefold().startswith(
            f"{column.title.casefold()} "
        )
        is_pair = begins and behind.role in (Role.NUMBER, Role.MPN)
        if column.role is None and is_pair:
            columns[index] = replace(
                column, role=Role.MANUFACTURER, confidence=MAYBE, reason=f"{behind.title} stands behind it"
            )
            columns[index + 1] = replace(behind, role=Role.MPN, confidence=MAYBE, reason=f"right behind {column.title}")
            break
    return columns


def _numbers_called_footprints(columns: list[Column], cells: Cells) -> list[Column]:
    """Right behind the makers, a footprint that no two values share, and that stands where a maker stands, is the maker's number."""
    roles = [column.role for column in columns]
    if Role.MPN in roles or Role.VALUE not in roles or Role.MANUFACTURER not in roles[:-1]:
        return columns
    maker = roles.index(Role.MANUFACTURER)
    if roles[maker + 1] is not Role.FOOTPRINT:
        return columns
    values: dict[str, set[str]] = {}
    together = 0
    for name, number, value in zip(cells[maker], cells[maker + 1], cells[roles.index(Role.VALUE)], strict=True):
        together += bool(name) == bool(number)
        values.setdefault(number, set()).add(value)
    values.pop("", None)
    single = sum(len(several) == 1 for several in values.values())
    is_number = single >= max(_CELLS_MIN, len(values) * _SHARE_MIN) and together >= len(cells[maker]) * _SHARE_MIN
    if is_number:
        reason = "right behind the makers, and hardly a text of it belongs to two values"
        columns[maker + 1] = replace(columns[maker + 1], role=Role.MPN, confidence=MAYBE, reason=reason)
    return columns


def _prices_called_numbers(columns: list[Column], cells: Cells) -> list[Column]:
    """`Mfr Part Number` over `$0.27` is none; another column that claims the role has it then."""
    for index, column in enumerate(columns):
        if column.role not in (Role.MPN, Role.NUMBER) or not _are_prices(cells[index]):
            continue
        columns[index] = replace(column, role=None, confidence=LIKELY, reason="its cells are prices")
        for other, heir in enumerate(columns):
            claim = column_titled(heir.title)
            if other != index and heir.role is None and claim.role is column.role and claim.group == column.group:
                columns[other] = claim
                break
    return columns


def _suppliers_that_are_none(columns: list[Column], cells: Cells) -> list[Column]:
    """`Source 1` over links and sentences does not name shops."""
    for index, column in enumerate(columns):
        if column.role is Role.SUPPLIER:
            filled = _filled(cells[index])
            others = sum("://" in cell or len(cell) > _SHOP_LENGTH_MAX for cell in filled)
            if others * 2 > len(filled):
                columns[index] = replace(
                    column, role=None, group="", confidence=MAYBE, reason="its cells are links or sentences"
                )
    return columns


def _line_prices(columns: list[Column], cells: Cells) -> list[Column]:
    """A column that is quantity times unit price in every row says nothing new."""
    roles = [None if column.group else column.role for column in columns]
    if Role.PRICE not in roles or Role.QUANTITY not in roles:
        return columns
    quantities, prices = cells[roles.index(Role.QUANTITY)], cells[roles.index(Role.PRICE)]
    for index, column in enumerate(columns):
        if column.role is None and column.title and _are_products(cells[index], quantities, prices):
            columns[index] = replace(
                column, role=Role.LINE_PRICE, confidence=LIKELY, reason="is quantity times unit price"
            )
    return columns


def _names(columns: list[Column], cells: Cells) -> list[Column]:
    """Where no column names the parts, the first one whose cells are texts that differ from row to row does."""
    if any(column.role in (*IDENTITY_ROLES, Role.MANUFACTURER_AND_MPN) for column in columns):
        return columns
    for index, column in enumerate(columns):
        filled = [cell for cell in _filled(cells[index]) if quantity_in(cell) is None]
        is_name = len(filled) >= max(_CELLS_MIN, len(cells[index]) / 2) and len(set(filled)) >= len(filled) * _SHARE_MIN
        if column.role is None and column.title and is_name:
            reason = "the first column of texts that differ, and no other names the parts"
            columns[index] = replace(column, role=Role.NAME, confidence=MAYBE, reason=reason)
            break
    return columns


def _lone_subassemblies(columns: list[Column], cells: Cells) -> list[Column]:
    if Role.ASSEMBLY in {column.role for column in columns}:
        return columns
    return [replace(column, role=Role.ASSEMBLY) if column.role is Role.SUBASSEMBLY else column for column in columns]


_RULES: tuple[Rule, ...] = (
    _prices_called_numbers,
    _suppliers_that_are_none,
    _uncertain_numbers,
    _counted_rows,
    _dotted_numbers,
    _places,
    _fitting_marks,
    _pairs,
    _numbers_called_footprints,
    _line_prices,
    _names,
    _lone_subassemblies,
)
"""Asked in this order: what takes a role away goes before what looks for one that is missing."""


def _filled(cells: Sequence[str]) -> list[str]:
    return [cell for cell in cells if cell.casefold() not in PLACEHOLDERS]


def _counts_rows(cells: Sequence[str]) -> bool:
    """1, 2, 3 …, with gaps where rows are missing, but never back."""
    filled = [cell for cell in cells if cell]
    numbers = [int(cell) for cell in filled if re.fullmatch(r"\d{1,6}", cell)]
    if len(numbers) < _CELLS_MIN or len(numbers) < len(filled) or numbers[0] != 1:
        return False
    return all(after - before >= 1 for before, after in pairwise(numbers)) and numbers[-1] <= len(cells) * 2


def _are_outline(cells: Sequence[str]) -> bool:
    """Every number once, and of every dotted one what stands before its last point; `1.0`, `2.0` are numbers of a spreadsheet."""
    filled = [cell for cell in cells if cell]
    numbers = set(filled)
    dotted = [cell for cell in filled if "." in cell]
    is_outline = all(re.fullmatch(r"\d{1,4}(\.\d{1,4})*", cell) for cell in filled) and len(numbers) == len(filled)
    return is_outline and len(dotted) > 1 and all(cell.rpartition(".")[0] in numbers for cell in dotted)


def _are_places(cells: Sequence[str]) -> bool:
    filled = _filled(cells)
    return (
        len(filled) >= _CELLS_MIN
        and sum(are_designators(designators_in(cell)) for cell in filled) >= len(filled) * _SHARE_MIN
    )


def _are_prices(cells: Sequence[str]) -> bool:
    """With a currency; a number alone may be a part number."""
    filled = _filled(cells)
    prices = [price for cell in filled if (price := price_in(cell)) is not None and price.currency]
    return len(filled) >= _CELLS_MIN and len(prices) >= len(filled) * _SHARE_MIN


def _are_products(products: Sequence[str], quantities: Sequence[str], prices: Sequence[str]) -> bool:
    checked = 0
    for product, quantity, price in zip(products, quantities, prices, strict=True):
        total, amount, unit = price_in(product), quantity_in(quantity), price_in(price)
        if not product or amount is None or unit is None:
            continue
        if total is None or abs(total.value - amount.value * unit.value) > _CENT * max(Decimal(1), amount.value):
            return False
        checked += 1
    return checked >= _CELLS_MIN
