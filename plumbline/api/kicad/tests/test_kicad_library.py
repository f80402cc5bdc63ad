"""KiCad at its library: the requests that it sends, answers that it can read, and nothing for anybody else."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import orjson
import pytest

from plumbline.access.actions import create_api_key
from plumbline.api.asgi import build_asgi
from plumbline.boms.actions import release_components
from plumbline.catalog.actions import create_attributes, create_categories
from plumbline.catalog.model import CategoryType, NewAttribute, NewCategory
from plumbline.components.actions.update import archive_components, update_components
from plumbline.components.model import Component, ComponentChange, NewSource, ReleaseRequest
from plumbline.exchange.reads import kicad
from plumbline.settings import Settings
from plumbline.testing import make
from plumbline.testing.callers import Caller, Team

ROOT = "/kicad/v1/"


class KiCad:
    """Sends what KiCad sends, and reads answers as strictly: a text where it wants one, or it throws the library away."""

    def __init__(self, app: Any, token: str) -> None:
        self.app, self.token = app, token

    def get(self, path: str, **headers: str) -> httpx2.Response:
        given = {
            "Authorization": f"Token {self.token}",
            "Accept": "application/json",
            "User-Agent": "KiCad/9.0.4",
            **headers,
        }

        async def once() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx2.AsyncClient(transport=transport, base_url="http://plumbline.test") as client:
                return await client.get(path, headers=given)

        return asyncio.run(once())

    def json(self, path: str) -> Any:
        response = self.get(path)
        assert response.status_code == 200, response.text
        assert response.headers["content-type"].startswith("application/json")
        return orjson.loads(response.content)

    def categories(self, root: str = ROOT) -> dict[str, str]:
        assert {"categories", "parts"} <= set(self.json(root))
        found = self.json(f"{root}categories.json")
        assert all(isinstance(each[key], str) for each in found for key in ("id", "name", "description"))
        return {each["name"]: each["id"] for each in found}

    def parts(self, category: str, root: str = ROOT) -> dict[str, dict[str, Any]]:
        found = self.json(f"{root}parts/category/{category}.json")
        for each in found:
            check_part(each)
        assert len({each["name"] for each in found}) == len(found), "the name is a key of KiCad's cache"
        return {each["name"]: each for each in found}

    def part(self, id_: str, root: str = ROOT) -> dict[str, Any]:
        found = self.json(f"{root}parts/{id_}.json")
        check_part(found)
        return found


def check_part(part: dict[str, Any]) -> None:
    texts = {name: value for name, value in part.items() if name != "fields"}
    assert all(isinstance(value, str) for value in texts.values()), texts
    assert part["symbolIdStr"].count(":") == 1
    assert {part[f"exclude_from_{what}"] for what in ("bom", "board", "sim")} == {"False"}
    for field in part["fields"].values():
        assert set(field) == {"value", "visible"}
        assert isinstance(field["value"], str)
        assert field["visible"] in ("True", "False")


def key_of(caller: Caller, surface: str = "kicad") -> str:
    return caller.run(create_api_key, "KiCad", surface=surface).secret


@pytest.fixture
def kicad_client(team: Team) -> KiCad:
    return KiCad(build_asgi(team.application, Settings()), key_of(team.viewer))


@pytest.fixture
def resistor(team: Team) -> Component:
    team.manager.run(create_attributes, [NewAttribute("Symbol"), NewAttribute("Footprint"), NewAttribute("Ohms")])
    electrical = make_category(team, "Parts of circuits", CategoryType.ELECTRICAL)
    make_category(team, "Thick film resistors", CategoryType.ELECTRICAL, electrical)
    return make.component(
        team.manager,
        name="Resistor 10k",
        category="Thick film resistors",
        attributes={"Footprint": "R:0603", "Ohms": "10k"},
        sources=(NewSource("Yageo", "RC-10K", datasheet="https://a.example/rc.pdf"),),
    )


def make_category(team: Team, name: str, kind: CategoryType, parent: str | None = None) -> str:
    return team.manager.run(
        create_categories, [NewCategory(name, kind, parent_id=parent, attributes=("Symbol", "Footprint", "Ohms"))]
    )[0].id


NAME = "Parts of circuits / Thick film resistors"


def test_a_part_is_chosen_as_kicad_does_it(kicad_client: KiCad, resistor: Component) -> None:
    listed = kicad_client.parts(kicad_client.categories()[NAME])
    assert list(listed) == [resistor.cpn]
    part = kicad_client.part(listed[resistor.cpn]["id"])
    assert part == listed[resistor.cpn], (
        "lists have whole records, so that new versions of KiCad ask for no part by itself"
    )
    assert (part["symbolIdStr"], part["description"]) == ("Device:R", "Resistor 10k")
    fields = {name: (each["value"], each["visible"]) for name, each in part["fields"].items()}
    assert fields["reference"] == ("R", "True")
    assert fields["value"] == ("RC-10K", "True")
    assert fields["footprint"] == ("R:0603", "False")
    assert fields["datasheet"] == ("https://a.example/rc.pdf", "False")
    assert (fields["CPN"][0], fields["Manufacturer"][0], fields["MPN"][0]) == (resistor.cpn, "Yageo", "RC-10K")
    assert fields["Ohms"] == ("10k", "False")


def test_only_what_has_a_symbol_is_offered(team: Team, kicad_client: KiCad, resistor: Component) -> None:
    make_category(team, "Puzzling chips", CategoryType.ELECTRICAL)
    chip = make.component(team.manager, name="Chip", category="Puzzling chips")
    make.component(team.manager, name="Screw")
    assert list(kicad_client.categories()) == [NAME]
    change = ComponentChange(chip.id, attributes={"Symbol": "MCU_ST:STM32F405"})
    team.engineer.run(update_components, [change])
    part = kicad_client.parts(kicad_client.categories()["Puzzling chips"])[chip.cpn]
    assert (part["symbolIdStr"], part["fields"]["reference"]["value"]) == ("MCU_ST:STM32F405", "U")
    assert len(kicad_client.categories()) == 2


def test_released_parts_have_an_address_of_their_own(team: Team, kicad_client: KiCad, resistor: Component) -> None:
    category = kicad_client.categories("/kicad/released/v1/")[NAME]
    assert kicad_client.parts(category, "/kicad/released/v1/") == {}
    team.manager.run(release_components, [ReleaseRequest(resistor.id)])
    team.engineer.run(update_components, [ComponentChange(resistor.id, name="Resistor 11k")])
    released = kicad_client.parts(category, "/kicad/released/v1/")[resistor.cpn]
    assert (released["description"], kicad_client.part(resistor.id)["description"]) == ("Resistor 10k", "Resistor 11k")
    assert kicad_client.part(resistor.id, "/kicad/released/v1/") == released


def test_what_is_archived_is_gone(team: Team, kicad_client: KiCad, resistor: Component) -> None:
    category = kicad_client.categories()[NAME]
    team.manager.run(archive_components, [resistor.id])
    assert kicad_client.parts(category) == {}
    assert kicad_client.get(f"{ROOT}parts/{resistor.id}.json").status_code == 404


def test_answers_may_be_kept_and_are_not_sent_twice(kicad_client: KiCad, resistor: Component) -> None:
    first = kicad_client.get(f"{ROOT}categories.json")
    assert first.headers["cache-control"] == "private, max-age=300"
    again = kicad_client.get(f"{ROOT}categories.json", **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["", "categories.json", "parts/category/x.json", "parts/x.json"])
def test_only_a_key_for_kicad_opens_it(team: Team, kicad_client: KiCad, path: str) -> None:
    for token in ("", "nobody", key_of(team.administrator, "hub")):
        answer = KiCad(kicad_client.app, token).get(ROOT + path)
        assert answer.status_code == 401
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_a_key_for_kicad_opens_nothing_else(kicad_client: KiCad) -> None:
    async def once() -> httpx2.Response:
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=kicad_client.app), base_url="http://a"
        ) as client:
            return await client.post(
                "/graphql",
                json={"query": "{ library { current { slug } } }"},
                headers={"authorization": f"Token {kicad_client.token}"},
            )

    assert asyncio.run(once()).status_code == 401


def test_another_library_sees_nothing_of_it(strangers: Team, kicad_client: KiCad, resistor: Component) -> None:
    category = kicad_client.categories()[NAME]
    stranger = KiCad(kicad_client.app, key_of(strangers.administrator))
    assert NAME not in stranger.categories()
    assert stranger.parts(category) == {}
    assert stranger.get(f"{ROOT}parts/{resistor.id}.json").status_code == 404


@pytest.mark.parametrize(
    "path", ["parts/x.json", "parts/category/%00.json", "parts/%00.json", "parts/" + "x" * 5000 + ".json"]
)
def test_ids_that_are_none_are_answered(kicad_client: KiCad, path: str) -> None:
    assert kicad_client.get(ROOT + path).status_code in (200, 404)


@pytest.mark.parametrize("path", ["parts", "parts/", "categories", "x.json", "../v1/categories.json/"])
def test_other_addresses_are_missing(kicad_client: KiCad, path: str) -> None:
    assert kicad_client.get(ROOT + path).status_code == 404


def test_a_category_has_an_end(
    team: Team, kicad_client: KiCad, resistor: Component, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kicad, "PARTS_MAX", 0)
    assert kicad_client.get(f"{ROOT}parts/category/{resistor.category_id}.json").status_code == 400
