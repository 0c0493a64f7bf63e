"""The language a command is asked for, and messages in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from icfscore.errors import IcfscoreError, Problem, visible
from icfscore.sentences import ENGLISH, languages

_LANGUAGE = "icfscore.language"  # where the context keeps the language asked for

F = TypeVar("F", bound=Callable[..., Any])


def language_option(command: F) -> F:
    """Add ``--lang``, which errors heed too."""
    return click.option(
        "--lang",
        type=click.Choice(languages()),
        default=ENGLISH,
        show_default=True,
        is_eager=True,
        callback=_remember,
        help="Language of what is said.",
    )(command)


def _remember(ctx: click.Context, _: click.Parameter, code: str) -> str:
    ctx.find_root().meta[_LANGUAGE] = code
    return code


def in_language_of(ctx: click.Context, said: str | IcfscoreError | Problem) -> str:
    """Say a message in the language that the command was asked for."""
    return "\n".join(map(visible, _in_language(ctx, said).split("\n")))


def _in_language(ctx: click.Context, said: str | IcfscoreError | Problem) -> str:
    code = ctx.find_root().meta.get(_LANGUAGE, ENGLISH)
    if code == ENGLISH:
        return str(said)
    from icfscore.report.language import find_language

    language = find_language(code)
    if isinstance(said, IcfscoreError | Problem):
        return said.spoken(language.gettext, language.signs)
    return language.said(said)


def tell(message: str) -> None:
    """Say something that is not data, in the language that was asked for."""
    click.echo(in_language_of(click.get_current_context(), message), err=True)
