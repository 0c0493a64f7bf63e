"""A page for every command, from what the command says of itself."""

from __future__ import annotations

import html
import inspect
import re
from collections.abc import Iterator

import click
from tools.site_pages.text import fenced, prose, table

from icfscore.cli.main import COMMANDS, cli


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
    for name, command in _below(cli, context):
        pages[f"reference/commands/{name}.md"] = _page(command, context, name, 1)
    return pages


def _below(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None:
            yield name, command


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
        parts += [
            _page(inner, context, child, depth + 1) for child, inner in _below(command, context)
        ]
    return "\n\n".join(part for part in parts if part)


def _options(command: click.Command, context: click.Context) -> list[tuple[str, ...]]:
    records = (parameter.get_help_record(context) for parameter in command.get_params(context))
    return [
        (_code(names), prose(text))
        for names, text in (record for record in records if record is not None)
    ]


def _code(names: str) -> str:
    return f"<code>{html.escape(names).replace('|', '&#124;')}</code>"  # "|" would end the cell


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
