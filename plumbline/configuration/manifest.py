"""`plumbline.yaml`: several libraries configured from one folder, each by layers of folders of which later ones win (pure).

schema_type: configuration_folder
libraries:
  "@acme/main": [shared, main]
  "@acme/lab": [shared, lab]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import Field

from plumbline.configuration.errors import InvalidConfiguration
from plumbline.configuration.model import File
from plumbline.kit.document_faults import Faults
from plumbline.kit.document_model import DocumentModel, Text, json_schema, read_model
from plumbline.kit.yaml_source import load_yaml

MANIFEST = "plumbline.yaml"
PAGE = "docs/reference/configuration/README.md"
LIBRARIES_MAX = 100
LAYERS_MAX = 20

LibraryAddress = Annotated[Text, Field(pattern=r"^@[a-z0-9-]{1,100}/[a-z0-9-]{1,100}$")]
Layer = Annotated[Text, Field(min_length=1, max_length=200)]


class ManifestModel(DocumentModel):
    """Which folders configure which library."""

    version: Text | None = Field(default=None, pattern=r"^1\.\d+$", description='"1.0"')
    schema_type: Literal["configuration_folder"] = Field(description="configuration_folder")
    description: Annotated[Text, Field(max_length=500)] | None = None
    libraries: Annotated[
        dict[LibraryAddress, Annotated[tuple[Layer, ...], Field(min_length=1, max_length=LAYERS_MAX)]],
        Field(
            min_length=1, max_length=LIBRARIES_MAX, description="@organization/library, and its folders; later ones win"
        ),
    ]


def schema(identity: str) -> dict[str, object]:
    return json_schema(ManifestModel, identity=identity, title="Folder of several libraries")


def layered(files: Iterable[File]) -> Mapping[str, list[File]]:
    """The files of each library by its address; a folder without a manifest configures one library, whose address is empty."""
    found = {file.path: file for file in files}
    manifest = found.pop(MANIFEST, None)
    if manifest is None:
        return {"": list(found.values())}
    document = load_yaml(manifest.text, manifest.path)
    model = read_model(ManifestModel, document, InvalidConfiguration, PAGE)
    faults = Faults(InvalidConfiguration, document, page=PAGE)
    libraries: dict[str, list[File]] = {}
    for address, layers in model.libraries.items():
        merged: dict[str, File] = {}
        for index, layer in enumerate(layers):
            prefix = f"{layer.strip('/')}/"
            inside = [file for path, file in found.items() if path.startswith(prefix)]
            if not inside:
                place = ("libraries", address, index)
                faults.add(place, f"There is nothing in the folder {layer!r}.", expected="a folder with files in it")
            merged.update(
                {file.path.removeprefix(prefix): File(file.path.removeprefix(prefix), file.text) for file in inside}
            )
        libraries[address] = list(merged.values())
    faults.raise_if_any()
    return libraries
