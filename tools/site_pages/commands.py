"""A page for every command, from what the command says of itself."""

from __future__ import annotations

import inspect
import re

import click

from icfscore.cli.main import COMMANDS, cli
from tools.site_pages.text import fenced, prose, table


def command_pages() -> dict[str, str]:
    """Write the list of commands and a page for each."""
    context = click.Context(cli, info_name="icfscore")
    rows = [(f"[`icfscore {name}`]({name}.md)", prose(text)) for name, text in COMMANDS.items()]
    index = "\n\n".join(
        (
            "# Commands",
            "Every command says this itself: `icfscore COMMAND --help`. Data goes to the standard "
            "output, messages to the standard error; the exit code is 0 for success, 1 for input "
            "that you can mend, 2 for wrong usage.",
            table(("command", "what it does"), rows),
        )
    )
    pages = {"reference/commands/index.md": index}
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        pages[f"reference/commands/{name}.md"] = _page(command, context, name, 1)
    return pages


def _page(command: click.Command, above: click.Context, name: str, depth: int) -> str:
    context = click.Context(command, info_name=name, parent=above)
    parts = [
        f"{'#' * depth} icfscore {context.command_path.removeprefix('icfscore ')}",
        fenced(f"{context.command_path} {' '.join(command.collect_usage_pieces(context))}", "text"),
        _help(command.help or ""),
        f"{'#' * (depth + 1)} Options" if depth == 1 else "",
        table(("option", "meaning"), _options(command, context)),
    ]
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            assert found is not None
            parts.append(_page(found, context, child, depth + 1))
    return "\n\n".join(part for part in parts if part)


def _options(command: click.Command, context: click.Context) -> list[tuple[str, ...]]:
    records = (parameter.get_help_record(context) for parameter in command.get_params(context))
    return [
        (f"`{names}`".replace("|", "&#124;") if "|" not in names else _code(names), prose(text))
        for names, text in (record for record in records if record is not None)
    ]


def _code(names: str) -> str:
    return f"<code>{names.replace('|', '&#124;')}</code>"


def _help(text: str) -> str:
    blocks = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(
        _examples(block.removeprefix("\b\n")) if block.startswith("\b") else prose(block)
        for block in blocks
    )


def _examples(block: str) -> str:
    """Split a block that is not wrapped: indented lines are code, the others say what it is."""
    pieces = re.findall(r"(?:^[ ]+.*\n?)+|(?:^\S.*\n?)+", block, flags=re.MULTILINE)
    out = []
    for piece in pieces:
        if not piece.startswith(" "):
            out.append(prose(piece.strip()))
            continue
        code = inspect.cleandoc(piece)
        out.append(fenced(code, "sh" if code.startswith("icfscore ") else "yaml"))
    return "\n\n".join(out)
