"""The `icfscore` command: finds the command asked for and tells errors in one form."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

import click

from icfscore import __version__
from icfscore.errors import IcfscoreError, nearest_name, visible

# Name and one-line help; the command's module is imported only when it runs, since `--help` must
# not wait for numerical libraries.
COMMANDS: Mapping[str, str] = {
    "rank": "Rank the communities: the table, best first.",
    "uncertainty": "Say how sure the ranking is: intervals and chances.",
    "sensitivity": "Say what drives a rank: inputs, weights, single values.",
    "whatif": "Score again with other values: who passes whom.",
    "plan": "Find the least effort that reaches a place.",
    "report": "Write the reports for leaders into reports/.",
    "chart": "Draw one chart as SVG, PNG or HTML, or list the charts.",
    "profile": "Profile one community: its place, values, what sets it apart.",
    "compare": "Compare communities side by side.",
    "explore": "Write a page with sliders that move the ranking.",
    "scenarios": "Run all scenarios and set their ranks side by side.",
    "panel": "Judge raters' scores: agreement, severity, what enters.",
    "funnel": "Walk an award's stages: who passes, how surely.",
    "backtest": "Hold the ranking against who was really chosen.",
    "export": "Write every stage as JSON or as a workbook.",
    "audit": "Audit the framework: what it rests on, does it cohere.",
    "validate": "Check all files and say what they hold.",
    "methods": "List the methods of every stage, or explain one.",
    "init": "Write a project folder to start from.",
    "add": "Add a community, an indicator or a source to fill in.",
    "assess": "Ask a community the framework's questions, one by one.",
    "import": "Bring values from a spreadsheet into the project.",
}


_MODULE_BY_NAME = {"import": "import_file"}  # where a command's name is no module's


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"icfscore.cli.{_MODULE_BY_NAME.get(name, name)}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        for word in args:
            # A file may be called anything; whatever else is said is text, and may be written.
            if not _is_unicode(word) and not os.path.lexists(word):
                raise click.UsageError(f"{word!a} is no text in UTF-8, and no file", ctx)
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            near = nearest_name(args[0], COMMANDS) if args else None
            if near is None:
                raise
            message = f"No such command '{args[0]}'. Did you mean '{near}'?"
            raise click.UsageError(message, ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except IcfscoreError as error:
            from icfscore.cli.language import in_language_of

            click.echo(in_language_of(ctx, error), err=True)
            ctx.exit(1)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    invoke_without_command=False,
)
@click.version_option(__version__, "-V", "--version", prog_name="icfscore")
def cli() -> None:
    """Score and rank communities on the six Intelligent Community criteria.

    Start with 'icfscore rank': without a project of your own it ranks Binh Duong among the
    Smart21 communities of 2019. 'icfscore init DIR' writes a project to change.
    """


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        # Names are Vietnamese as often as not, and a pipe's encoding may know no such letters.
        # A file's name may hold bytes that are no letters in any.
        if stream is not None and (
            stream.errors == "strict" or (stream.encoding or "").lower().replace("-", "") != "utf8"
        ):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    try:
        cli()
    except (OSError, MemoryError) as error:  # such as a full disk below a redirected stdout
        _give_up(error)


def _give_up(error: OSError | MemoryError) -> NoReturn:
    """Say that the system refuses, and end without a second try to write what is left."""
    if isinstance(error, OSError):
        said = ": ".join(str(part) for part in (error.filename, error.strerror or error) if part)
    else:
        said = "not enough memory"
    with contextlib.suppress(OSError):
        click.echo(f"icfscore: {visible(said)}", err=True)
        sys.stderr.flush()
    os._exit(1)
