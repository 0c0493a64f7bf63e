"""`icfscore add`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from icfscore.cli.language import language_option, tell
from icfscore.cli.options import own_project, project_option
from icfscore.sentences import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from icfscore.files.project_folder import Folder

_LANGUAGE = re.compile(r"([a-z]{2})=(.+)", re.DOTALL)


@click.group()
@language_option
def command(lang: str) -> None:
    """Add a community, an indicator or a source to fill in.

    What is written passes 'icfscore validate'; nothing is overwritten.

    \b
    Examples:
      icfscore add community hoi_an --name 'Hoi An' --name vi='Hội An' --parent VNM
      icfscore add indicator parks_m2 --criterion sustain --name 'Park area per person' \\
          --unit m^2/person --direction higher --kind ratio --bounds 0 null
      icfscore add source census_2019 --title 'Census of 2019' --url https://example.org
    """


def _names(given: tuple[str, ...], default: str) -> Any:
    """Make a name of one text, or of texts by language."""
    texts: dict[str, str] = {}
    for text in given:
        found = _LANGUAGE.fullmatch(text)
        language, name = (found[1], found[2]) if found else ("en", text)
        texts[language] = name.strip()
    if set(texts) <= {"en"}:
        return texts.get("en", default)
    return texts


def _write(project: Path | None, quiet: bool, make: Callable[[Folder], dict[str, str]]) -> None:
    from icfscore.files.commit import changing, commit, stage
    from icfscore.files.project_folder import read_project

    path = own_project(project)
    with changing(path) as seen:
        texts = make(read_project(path))
        stage(path, texts)
        commit(path, texts, seen)
    if not quiet:
        for name in texts:
            tell(say("wrote {target}", target=path / name))


_quiet = click.option("-q", "--quiet", is_flag=True, help="No messages.")
_name = click.option(
    "--name", "names", multiple=True, metavar="[LANG=]TEXT", help="Its name; repeatable."
)


@command.command()
@click.argument("identifier", metavar="ID")
@project_option
@_name
@click.option("--parent", metavar="ID", help="The area whose values stand in for missing ones.")
@click.option("--country", metavar="CODE", help="Its country.")
@click.option("--kind", metavar="WORD", help="What it is: city, province …")
@click.option("--region", metavar="TEXT", help="Its region.")
@click.option("--group", "groups", multiple=True, metavar="NAME=VALUE", help="Repeatable.")
@click.option("--source", metavar="KEY", help="The source of values that name none.")
@click.option("--year", type=int, metavar="YEAR", help="The year of values that name none.")
@language_option
@_quiet
def community(
    identifier: str,
    project: Path | None,
    names: tuple[str, ...],
    groups: tuple[str, ...],
    quiet: bool,
    lang: str,
    **given: Any,
) -> None:
    """Write communities/ID.yaml with every indicator waiting for its value."""
    from icfscore.files.add_entries import new_community

    head: dict[str, Any] = {"name": _names(names, identifier)}
    for key in ("kind", "country", "region", "parent"):
        if given[key] is not None:
            head[key] = given[key]
    if groups:
        head["groups"] = dict(_pair(text) for text in groups)
    head |= {key: given[key] for key in ("source", "year") if given[key] is not None}
    _write(project, quiet, lambda folder: new_community(folder, identifier, head))


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name.strip() and sign and value.strip()):
        raise click.UsageError(f"'{text}' is not of the form NAME=VALUE")
    return name.strip(), value.strip()


@command.command()
@click.argument("identifier", metavar="ID")
@project_option
@click.option("--criterion", required=True, metavar="ID", help="The criterion it belongs to.")
@_name
@click.option("--unit", required=True, metavar="UNIT", help="Its unit, such as percent.")
@click.option(
    "--direction", required=True, type=click.Choice(["higher", "lower"]), help="Which is better."
)
@click.option(
    "--kind",
    required=True,
    type=click.Choice(["ratio", "share", "index", "count", "ordinal", "boolean"]),
    help="What its values are.",
)
@click.option("--description", metavar="TEXT", help="What it stands for.")
@click.option("--weight", type=float, metavar="W", help="Among its siblings; default 1.")
@click.option(
    "--lever", type=click.Choice(["direct", "indirect", "none"]), help="Can the community move it."
)
@click.option("--bounds", nargs=2, metavar="LOW HIGH", help="Lowest and highest value, or null.")
@click.option("--goalposts", nargs=2, type=float, metavar="LOW HIGH", help="Fixed ends of scale.")
@click.option("--target", type=float, metavar="VALUE", help="A value to reach.")
@click.option("--transform", type=click.Choice(["log"]), help="Take its logarithm.")
@click.option("--per", metavar="ID", help="A context quantity to divide by.")
@click.option("--per-scale", type=float, metavar="N", help="Factor after the division.")
@click.option("--panel", metavar="ID", help="The panel whose scores it takes.")
@language_option
@_quiet
def indicator(
    identifier: str,
    project: Path | None,
    criterion: str,
    names: tuple[str, ...],
    bounds: tuple[str, str] | None,
    quiet: bool,
    lang: str,
    **given: Any,
) -> None:
    """Put an indicator at the end of a criterion's file."""
    from icfscore.files.add_entries import new_indicator
    from icfscore.files.located_yaml import parse_value

    entry: dict[str, Any] = {"id": identifier, "name": _names(names, identifier)}
    for key in ("description", "unit", "direction", "kind", "weight", "lever"):
        if given[key] is not None:
            entry[key] = _short(given[key])
    if bounds:
        entry["bounds"] = [parse_value(end, "--bounds") for end in bounds]
    if given["goalposts"]:
        entry["goalposts"] = [_short(end) for end in given["goalposts"]]
    for key in ("target", "transform", "per", "per_scale", "panel"):
        if given[key] is not None:
            entry[key] = _short(given[key])
    _write(project, quiet, lambda folder: new_indicator(folder, criterion, entry))


def _short(value: Any) -> Any:
    """Spell 2.0 as 2."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


@command.command()
@click.argument("key", metavar="KEY")
@project_option
@click.option("--title", required=True, metavar="TEXT", help="What was published.")
@click.option("--publisher", metavar="TEXT", help="By whom.")
@click.option("--year", type=int, metavar="YEAR", help="When.")
@click.option("--url", metavar="URL", help="Where it is found.")
@language_option
@_quiet
def source(key: str, project: Path | None, quiet: bool, lang: str, **given: Any) -> None:
    """Put a source into communities/sources.yaml."""
    from icfscore.files.add_entries import new_source

    entry = {name: value for name, value in given.items() if value is not None}
    _write(project, quiet, lambda folder: new_source(folder, key, entry))
