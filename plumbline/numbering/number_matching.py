"""Whether numbers that exist fit a scheme: a hundred thousand of them, to see what a change of the scheme would mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from plumbline.numbering.model import ChoiceLists, Scheme, leaves_of
from plumbline.numbering.number_parsing import Latitude, is_readable, override_rule
from plumbline.numbering.number_patterns import form_of
from plumbline.numbering.overrides import is_visible, own_choices

Fits = Callable[[str, str], bool]


def matcher(scheme: Scheme, choices_by_category: Mapping[str, ChoiceLists]) -> Fits:
    """Answers for a number and the category of its component whether somebody could get it there, as `fits` does, but faster.

    `choices_by_category` has, for every category that is asked about, what templates stand for and the component's own category.
    """
    tests: dict[str, Callable[[str], bool]] = {}

    def number_fits(number: str, category: str) -> bool:
        test = tests.get(category)
        if test is None:
            test = tests[category] = _test_of(scheme, choices_by_category[category])
        return test(number)

    return number_fits


def fits(scheme: Scheme, choices: ChoiceLists, number: str) -> bool:
    """Whether somebody could get the number: made by the scheme, typed, or with elements overridden, as far as the settings allow.

    Where a list has the component's own category or family, the number must have it too, unless that element is overridden.
    """
    own = own_choices(scheme, choices)
    return _is_possible(
        scheme, number, latitudes_of(scheme), lambda step: is_readable(scheme, choices, number, step, own)
    )


def latitudes_of(scheme: Scheme) -> tuple[Latitude, ...]:
    """Overrides are looked for only if there are any that the scheme itself would not make."""
    has_overrides = any(override_rule(scheme, leaf, Latitude.OVERRIDES) for leaf in leaves_of(scheme.elements))
    return (Latitude.SCHEME, Latitude.OVERRIDES) if has_overrides else (Latitude.SCHEME,)


def _test_of(scheme: Scheme, choices: ChoiceLists) -> Callable[[str], bool]:
    own = own_choices(scheme, choices)
    latitudes = latitudes_of(scheme)
    forms = {step: form_of(scheme, choices, step, own) for step in latitudes}

    def test(number: str) -> bool:
        def reads(step: Latitude) -> bool:
            verdict = forms[step].verdict(number)
            return is_readable(scheme, choices, number, step, own) if verdict is None else verdict

        return _is_possible(scheme, number, latitudes, reads)

    return test


def _is_possible(
    scheme: Scheme, number: str, latitudes: tuple[Latitude, ...], reads: Callable[[Latitude], bool]
) -> bool:
    if reads(Latitude.SCHEME):
        return True
    settings = scheme.settings
    if not settings.allow_override or not is_visible(number):
        return False
    if settings.allow_freeform and settings.freeform.accepts(number):
        return True
    return Latitude.OVERRIDES in latitudes and reads(Latitude.OVERRIDES)
