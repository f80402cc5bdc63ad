"""`plumbline`: the names of all commands. What a command does is loaded when it is called."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

from cyclopts import App, CycloptsError

from plumbline.cli.errors import WrongUsage
from plumbline.cli.output import report
from plumbline.kit.errors import Refusal

DONE, REFUSED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130

COMMANDS = {
    "demo": ("plumbline.cli.demo:demo", "Build the example library (once) and serve it."),
    "init": ("plumbline.cli.init:init", "Create an organization with an empty library."),
    "serve": ("plumbline.cli.serve:serve", "Serve the API."),
    "worker": ("plumbline.cli.worker:worker", "Run the background worker by itself."),
    "import": ("plumbline.cli.import_files:import_files", "Bring parts and BOMs in from files."),
}
BOM_COMMANDS = {
    "explode": ("plumbline.cli.bom_explode:explode", "Everything that a product consists of."),
    "compare": ("plumbline.cli.bom_compare:compare", "What differs between two BOMs."),
    "where-used": ("plumbline.cli.bom_where_used:where_used", "Everything that contains a component."),
}
CHANGE_ORDER_COMMANDS = {
    "list": ("plumbline.cli.change_orders_list:list_change_orders", "List the change orders."),
    "show": ("plumbline.cli.change_orders_show:show", "What a change order is, and how its review stands."),
    "diff": ("plumbline.cli.change_orders_diff:diff", "What a change order changes, and what that means."),
    "create": ("plumbline.cli.change_orders_create:create", "Create a change order, as a draft."),
    "update": ("plumbline.cli.change_orders_update:update", "Change what it says and who reviews it."),
    "add-items": ("plumbline.cli.change_orders_items:add_items", "Put components under change."),
    "remove-items": ("plumbline.cli.change_orders_items:remove_items", "Take components off."),
    "refresh-items": ("plumbline.cli.change_orders_items:refresh_items", "Look at the newest versions of items."),
    "validate": ("plumbline.cli.change_orders_validate:validate", "Run every validation on a change order."),
    "submit": ("plumbline.cli.change_orders_review:submit", "Submit a draft for review."),
    "approve": ("plumbline.cli.change_orders_review:approve", "Approve the stage under review."),
    "reject": ("plumbline.cli.change_orders_review:reject", "Reject the stage under review, with the reason."),
    "hold": ("plumbline.cli.change_orders_review:hold", "Pause the review."),
    "resume": ("plumbline.cli.change_orders_review:resume", "Go on with the review."),
    "withdraw": ("plumbline.cli.change_orders_review:withdraw", "Give the change up."),
    "reset": ("plumbline.cli.change_orders_review:reset", "Make it a draft again."),
    "close": ("plumbline.cli.change_orders_review:close", "Close a change order that is resolved."),
    "reopen": ("plumbline.cli.change_orders_review:reopen", "Make a closed change order a draft again."),
    "delete": ("plumbline.cli.change_orders_delete:delete", "Throw a draft away."),
    "comment": ("plumbline.cli.change_orders_comment:comment", "Say something about it, an item or a line."),
    "resolve-comment": ("plumbline.cli.change_orders_comment:resolve_comment", "Settle a thread."),
}
COMPONENT_COMMANDS = {
    "diff": ("plumbline.cli.components_diff:diff", "What differs between two versions of a component."),
}
EXPORT_COMMANDS = {
    "bom": (
        "plumbline.cli.export_bom:bom",
        "Write one BOM as CSV, XLSX, JSON or PDF in the columns of a template, or as a PDX package.",
    ),
    "kicad": ("plumbline.cli.export_kicad:kicad", "Write the electrical parts as KiCad symbol libraries."),
    "kicad-http": (
        "plumbline.cli.export_kicad_http:kicad_http",
        "Write the file that makes KiCad ask the server for parts.",
    ),
}
ARCHIVE_COMMANDS = {
    "export": ("plumbline.cli.archive_export:export", "Write a library with its whole history into one file."),
    "import": ("plumbline.cli.archive_import:import_archive", "Bring a library in from an archive."),
    "verify": ("plumbline.cli.archive_verify:verify", "Check that an archive is whole and can be imported."),
}
CONFIG_COMMANDS = {
    "validate": ("plumbline.cli.config_validate:validate", "Check configuration files, without a server."),
    "test": ("plumbline.cli.config_test:run_tests", "Run the examples beside the configuration, without a server."),
    "plan": ("plumbline.cli.config_plan:plan", "What applying files would do."),
    "apply": ("plumbline.cli.config_apply:apply", "Put files in force, all or nothing."),
    "pull": ("plumbline.cli.config_pull:pull", "Write the present configuration into files."),
    "drift": ("plumbline.cli.config_drift:drift", "What was changed past the files."),
    "history": ("plumbline.cli.config_history:history", "Versions of the configuration."),
    "rollback": ("plumbline.cli.config_rollback:rollback", "Go back to an earlier version."),
    "report": ("plumbline.cli.config_report:report", "Components that break the rules of their categories."),
}
IMPORTS_COMMANDS = {
    "list": ("plumbline.cli.imports:list_imports", "List what was imported."),
    "undo": ("plumbline.cli.imports:undo", "Put everything back that an import made or changed."),
}
KEY_COMMANDS = {
    "create": ("plumbline.cli.keys:create", "Create an API key and show it once."),
    "list": ("plumbline.cli.keys:list_keys", "List the API keys."),
    "revoke": ("plumbline.cli.keys:revoke", "End an API key."),
}
MAPPING_COMMANDS = {
    "list": ("plumbline.cli.mappings:list_mappings", "List what is remembered of headers of tables."),
    "forget": ("plumbline.cli.mappings:forget", "Read a header by the words of its titles again."),
}
RULE_COMMANDS = {
    "list": ("plumbline.cli.rules_list:list_rules", "List the validation rules."),
    "test": ("plumbline.cli.rules_test:run_tests", "Run rules on a change order here, before anybody else does."),
    "sync": ("plumbline.cli.rules_sync:sync", "Bring the validation rules of a folder into the library."),
}
USER_COMMANDS = {
    "add": ("plumbline.cli.users:add", "Make somebody a member of the library."),
    "list": ("plumbline.cli.users:list_users", "List the members of the library."),
    "role": ("plumbline.cli.users:role", "Give a member another role."),
    "remove": ("plumbline.cli.users:remove", "Take a member out of the library."),
}


def build_app() -> App:
    app = App(
        name="plumbline",
        help="The PLM server that hardware teams run themselves.",
        version=lambda: version("plumbline"),
        help_format="plaintext",
        help_formatter="plain",
        error_formatter=lambda error: f"error: {error}",
    )
    _add(app, COMMANDS)
    groups = (
        ("bom", "Questions about bills of materials.", BOM_COMMANDS),
        ("change-orders", "Changes that are reviewed, and released all or nothing.", CHANGE_ORDER_COMMANDS),
        ("components", "Questions about components.", COMPONENT_COMMANDS),
        ("export", "Lists, packages and libraries for whoever receives them.", EXPORT_COMMANDS),
        ("archive", "Whole libraries as files, and back.", ARCHIVE_COMMANDS),
        ("config", "Configuration is code: files, plans, versions.", CONFIG_COMMANDS),
        ("imports", "What was imported.", IMPORTS_COMMANDS),
        ("keys", "API keys.", KEY_COMMANDS),
        ("mappings", "What columns of imported tables mean.", MAPPING_COMMANDS),
        ("rules", "Validation rules that the library writes itself.", RULE_COMMANDS),
        ("users", "Members of the library.", USER_COMMANDS),
    )
    for name, help_text, commands in groups:
        group = App(name=name, help=help_text)
        _add(group, commands)
        app.command(group)
    return app


def run(arguments: Sequence[str]) -> int:
    """The exit code, which a command may answer itself: 0 done, 1 refused, 2 wrongly called, 130 interrupted."""
    try:
        code = build_app()(list(arguments), exit_on_error=False, result_action="return_value")
        sys.stdout.flush()
        return code if isinstance(code, int) else DONE
    except CycloptsError:
        return WRONG_USAGE
    except Refusal as refusal:
        report(refusal)
        return WRONG_USAGE if isinstance(refusal, WrongUsage) else REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe had enough, as `head` does. Nothing may be written to it while the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def main() -> None:
    sys.exit(run(sys.argv[1:]))


def _add(app: App, commands: dict[str, tuple[str, str]]) -> None:
    for name, (address, help_text) in commands.items():
        app.command(address, name=name, help=help_text)


if __name__ == "__main__":
    main()
