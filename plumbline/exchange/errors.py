"""How an import refuses. Every message names the file, the place in it, and what was expected.

InvalidInput
├── UnknownFormat         no reader understands these files, or there is no format of that name
├── UnreadableFile        the file is not what its name or its format says
├── ImportTooLarge        more bytes, files, rows, columns, cells, text or levels than an import may hold
├── SuspiciousArchive     an archive or zipped workbook that would unfold too far, or points outside of itself
├── UnknownColumnRole     a column mapping names a role that does not exist
├── InvalidDecision       somebody decided about a part that is not in the import, or for one that the library does not have
├── InvalidColumnMapping  a column mapping says something that cannot be
├── InvalidImportData     the wire form of an import breaks its own rules
├── InvalidExportTemplate an export template says something that cannot be, or names an attribute that the library does not have
├── UnknownExportTemplate no shipped template has that name, or nothing says which one is meant
├── ExportTooLarge        more rows, or a longer text, than the wanted format can hold
├── TooManyMappings       the library remembers the columns of as many headers as it may
└── NoSingleTop           the import is to go into one component, but is not one product
Conflict
├── ImportUndecided       a person has to decide something before the import can be applied
└── PlanOutdated          the library or the import is not what it was when the plan was shown
NotFound
└── ColumnMappingMissing  the library remembers nothing of such a header
Forbidden
└── CatalogMustGrow       the import needs categories or attributes that its user may not create
"""

from __future__ import annotations

from plumbline.kit.errors import Conflict, Forbidden, InvalidInput, NotFound


class UnknownFormat(InvalidInput):
    pass


class UnreadableFile(InvalidInput):
    pass


class ImportTooLarge(InvalidInput):
    pass


class SuspiciousArchive(InvalidInput):
    pass


class UnknownColumnRole(InvalidInput):
    pass


class InvalidDecision(InvalidInput):
    pass


class InvalidColumnMapping(InvalidInput):
    pass


class InvalidImportData(InvalidInput):
    pass


class InvalidExportTemplate(InvalidInput):
    pass


class UnknownExportTemplate(InvalidInput):
    pass


class ExportTooLarge(InvalidInput):
    pass


class TooManyMappings(InvalidInput):
    pass


class NoSingleTop(InvalidInput):
    pass


class ImportUndecided(Conflict):
    pass


class PlanOutdated(Conflict):
    pass


class ColumnMappingMissing(NotFound):
    pass


class CatalogMustGrow(Forbidden):
    pass
