"""From the typed model of a document to the values of a scheme; what the model let through cannot be wrong here.

Loads pydantic: `scheme` imports it with the first document that is read.
"""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.kit.document_faults import Faults
from plumbline.kit.yaml_source import YamlDocument
from plumbline.numbering import scheme_language as language
from plumbline.numbering.model import (
    FREEFORM_LENGTH_MAX,
    FREEFORM_PATTERN,
    ConstantElement,
    CounterElement,
    Element,
    FreeElement,
    GroupElement,
    Leaf,
    ListElement,
    ListSource,
    ListValue,
    Scheme,
    Settings,
    TextRule,
)


def scheme_as_written(document: YamlDocument, faults: Faults) -> Scheme | None:
    """What stands in the document, its names not looked up yet; None with the faults noted if the structure is wrong."""
    model = language.read(document, faults)
    if model is None:
        return None
    settings = Settings(
        model.settings.allow_override,
        model.settings.allow_freeform,
        model.settings.override_elements,
        text_rule(model.settings.freeform_validation),
    )
    return Scheme(model.version, settings, elements_of(model.elements), model.examples)


def elements_of(models: Sequence[language.AnyElement], group: str = "") -> tuple[Element, ...]:
    return tuple(element_of(model, f"{group}/{model.name}" if group else model.name) for model in models)


def element_of(model: language.AnyElement, path: str) -> Element:
    if isinstance(model, language.GroupModel):
        return GroupElement(path, model.required, elements_of(model.elements, path))
    assert isinstance(model, language.AnyLeaf)  # there are no other models
    return leaf_of(model, path, text_rule(model.freeform_validation) if model.allow_freeform else None)


def leaf_of(model: language.AnyLeaf, path: str, freeform: TextRule | None) -> Leaf:
    if isinstance(model, language.ListModel):
        return list_of(model, path, freeform)
    if isinstance(model, language.ConstantModel):
        return ConstantElement(path, model.required, model.value, freeform)
    if isinstance(model, language.FreeModel):
        return FreeElement(path, model.required, text_rule(model.validation), freeform)
    assert isinstance(model, language.NumericCounterModel | language.HexCounterModel)
    return counter_of(model, path, freeform)


def list_of(model: language.ListModel, path: str, freeform: TextRule | None) -> ListElement:
    pattern = model.validation.pattern if model.validation else None
    if isinstance(model.values, ListSource):
        return ListElement(path, model.required, (), model.values, model.use, pattern, freeform)
    values = tuple(list_value(model.text_written(value) or "", value) for value in model.values)
    return ListElement(path, model.required, values, None, model.use, pattern, freeform)


def list_value(text: str, value: str | language.ValueModel) -> ListValue:
    if isinstance(value, str):
        return ListValue(text)
    return ListValue(text, value.id or "", value.name or "", value.description or "")


def counter_of(
    model: language.NumericCounterModel | language.HexCounterModel, path: str, freeform: TextRule | None
) -> CounterElement:
    """The digits of max_value are the width of the counter; those of a hexadecimal one as they were written."""
    base = 16 if isinstance(model, language.HexCounterModel) else 10
    first, last = str(model.format.min_value), str(model.format.max_value)
    pattern = model.validation.pattern if model.validation else None
    return CounterElement(
        path, model.required, int(first, base), int(last, base), len(last), base == 16, pattern, freeform
    )


def text_rule(model: language.FreeformRule | language.FreeRule | None) -> TextRule:
    """Nothing, zero and less mean the usual length, as the API documents say; an empty pattern means the usual one."""
    if model is None:
        return TextRule()
    length = model.max_length if model.max_length and model.max_length > 0 else FREEFORM_LENGTH_MAX
    return TextRule(model.pattern or FREEFORM_PATTERN, length, model.description)
