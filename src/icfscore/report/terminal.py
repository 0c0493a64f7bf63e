"""What tables in the terminal have in common: colour where there is some, plain when piped."""

from __future__ import annotations

import io
import os
import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 400


def is_piped() -> bool:
    """Tell whether stdout is no terminal."""
    return not sys.stdout.isatty()


def make_console(*, piped: bool | None = None, width: int | None = None) -> Console:
    """Make the console for stdout: as wide as the terminal, or as the content when piped."""
    from rich.console import Console

    plain = is_piped() if piped is None else piped
    if width is None:
        width = PIPED_WIDTH if plain else shutil.get_terminal_size().columns
    return Console(
        file=io.StringIO(),
        width=width,
        force_terminal=not plain,
        no_color=plain or bool(os.environ.get("NO_COLOR")),
        color_system=None if plain or os.environ.get("NO_COLOR") else "truecolor",
        highlight=False,
        emoji=False,
        markup=False,
    )


def printed(console: Console) -> str:
    """Give what a console of `make_console` was told to print."""
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def one_line(text: str) -> str:
    """Replace what does not print, so that a name cannot break a table."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
