"""A field of the file as a field of the template, and what can be wrong with it that no structure can say."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from plumbline.change_orders.field_values import field_value, text_length_max
from plumbline.change_orders.template import Field, FieldType, FieldValue, Option
from plumbline.change_orders.template_language import FieldModel
from plumbline.kit.document_faults import Faults
from plumbline.kit.document_model import Path
from plumbline.kit.errors import InvalidInput
from plumbline.kit.patterns import Pattern, compile_pattern
from plumbline.kit.quantity import canonical, exact_decimal


def field_of(model: FieldModel, name: str, path: Path, faults: Faults) -> Field:
    """The field; what is wrong with it is noted."""
    kind = FieldType(model.type)
    rules, place = model.validations, (*path, "validations")
    minimum, maximum = _bounds(model, kind, place, faults)
    field = Field(
        name=name,
        type=kind,
        label=model.label,
        description=model.description,
        placeholder=model.placeholder,
        is_required=_is_required(model, path, faults),
        minimum=minimum,
        maximum=maximum,
        pattern=_pattern(rules.pattern if rules else None, kind, (*place, "pattern"), faults),
        options=_options(model, kind, path, faults),
        takes_several=_takes_several(model, kind, path, faults),
    )
    return replace(field, default=_default(model, field, path, faults))


def _is_required(model: FieldModel, path: Path, faults: Faults) -> bool:
    stated = model.validations.required if model.validations else None
    if stated is not None and model.required is not None and stated != model.required:
        faults.add(
            (*path, "required"),
            "'required' contradicts validations.required.",
            expected=f"{str(stated).lower()}, or no 'required' here",
            hint="Leave this one out; it is deprecated.",
        )
    return bool(model.required if stated is None else stated)


def _bounds(model: FieldModel, kind: FieldType, path: Path, faults: Faults) -> tuple[Decimal | None, Decimal | None]:
    rules = model.validations
    bounds = {"min": rules.min, "max": rules.max} if rules else {"min": None, "max": None}
    before = len(faults.found)
    for key, bound in bounds.items():
        if bound is not None:
            _check_bound(bound, kind, (*path, key), faults, has_pattern=bool(rules and rules.pattern))
    minimum, maximum = bounds["min"], bounds["max"]
    if len(faults.found) > before:
        return None, None
    if minimum is not None and maximum is not None and minimum > maximum:
        message = f"min is {canonical(minimum)} and max is {canonical(maximum)}: nothing lies between."
        faults.add((*path, "min"), message, expected=f"a number not above {canonical(maximum)}")
        return None, None
    return minimum, maximum


def _check_bound(bound: Decimal, kind: FieldType, path: Path, faults: Faults, *, has_pattern: bool) -> None:
    if not (kind.is_text or kind.is_number):
        faults.add(
            path, f"{path[-1]} means nothing for a field of type {kind}.",
            expected="min and max for number, currency, text and longtext only", at_key=True,
        )  # fmt: skip
        return
    try:
        exact_decimal(bound, what="bound")
    except InvalidInput as error:
        faults.add(path, error.message, expected=error.expected)
        return
    if not kind.is_text:
        return
    longest = text_length_max(kind, has_pattern=has_pattern)
    if not (bound == bound.to_integral_value() and 0 <= bound <= longest):
        message = f"{canonical(bound)} cannot bound the length of a text{' with a pattern' if has_pattern else ''}."
        faults.add(path, message, expected=f"a whole number from 0 to {longest}")


def _pattern(text: str | None, kind: FieldType, path: Path, faults: Faults) -> Pattern | None:
    if text is None:
        return None
    if not kind.is_text:
        message = f"pattern means nothing for a field of type {kind}."
        faults.add(path, message, expected="pattern for text and longtext only", at_key=True)
        return None
    return compile_pattern(text)


def _options(model: FieldModel, kind: FieldType, path: Path, faults: Faults) -> tuple[Option, ...]:
    options = tuple(Option(each.label, each.value, each.description) for each in model.options or ())
    if kind.has_options and not options:
        faults.add(path, f"A field of type {kind} has no options.", expected="options, at least one")
    if options and not kind.has_options:
        message = f"options mean nothing for a field of type {kind}."
        faults.add((*path, "options"), message, expected="options for enum and list only", at_key=True)
        return ()
    values: set[str] = set()
    for index, option in enumerate(options):
        if option.value in values:
            message = f"There are two options with the value {option.value!r}."
            faults.add((*path, "options", index, "value"), message, expected="a value of its own for each option")
        values.add(option.value)
    return options


def _takes_several(model: FieldModel, kind: FieldType, path: Path, faults: Faults) -> bool:
    if model.multi_select and kind is not FieldType.LIST:
        message = f"multiSelect means nothing for a field of type {kind}."
        faults.add((*path, "multiSelect"), message, expected="multiSelect for list only", at_key=True)
    return kind is FieldType.LIST and model.multi_select is not False


def _default(model: FieldModel, field: Field, path: Path, faults: Faults) -> FieldValue | None:
    if field.type.has_options and not field.options:
        return None  # told already, and nothing could be right
    try:
        return field_value(field, model.default)
    except InvalidInput as error:
        message = f"The default does not fit the field. {error.message}"
        faults.add((*path, "default"), message, expected=error.expected, hint=error.hint)
        return None
