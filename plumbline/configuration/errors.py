"""How configuration is refused.

InvalidInput
├── InvalidConfiguration     files that do not make up a configuration; faults of one document have the refusal of its kind
└── InvalidConfigurationTest a file of examples and outcomes that cannot be read
Conflict
├── ConfigurationRefused     steps that would lose data, or that break something and were not allowed by name
├── ConfigurationMoved       somebody changed the configuration since the plan was made
└── TemplateNameTaken        a change order template of this name exists
NotFound
└── ConfigurationVersionMissing
"""

from __future__ import annotations

from plumbline.kit.errors import Conflict, InvalidInput, NotFound


class InvalidConfiguration(InvalidInput):
    pass


class InvalidConfigurationTest(InvalidInput):
    pass


class ConfigurationRefused(Conflict):
    pass


class ConfigurationMoved(Conflict):
    pass


class TemplateNameTaken(Conflict):
    pass


class ConfigurationVersionMissing(NotFound):
    pass
