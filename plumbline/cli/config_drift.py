"""`plumbline config drift`: what was changed past the files."""

from __future__ import annotations

from plumbline.cli.client import connected
from plumbline.cli.config_plan import STEP, show_plan
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json

DRIFT = f"query Drift {{ configuration {{ drift {STEP} }} }}"


def drift(*, target: Target | None = None, as_json: AsJson = False) -> None:
    """What applying the library's own files once more would do: everything that was changed past them."""
    with connected(target) as client:
        steps = client.ask(DRIFT)["configuration"]["drift"]
    if as_json:
        print_json({"steps": steps})
    else:
        show_plan({"isEmpty": not steps, "steps": steps, "documents": [], "notices": []}, "")
