"""`icfscore assess`."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from icfscore.cli.language import language_option, tell
from icfscore.cli.options import own_project, project_option
from icfscore.sentences import ENGLISH, say

if TYPE_CHECKING:
    from icfscore.files.assessment import Assessment
    from icfscore.files.folder_reader import Folder

_LANGUAGE = re.compile(r"([a-z]{2})=(.+)", re.DOTALL)
_INTERRUPTED = 130  # what shells call a program that Ctrl-C ended


@click.command()
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@project_option
@click.option(
    "--community", metavar="ID", help="Whose answers. Default: the focus, or the only one."
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="[LANG=]TEXT",
    help="Begin with a community of this name; repeatable.",
)
@click.option("--again", is_flag=True, help="Ask what is answered as well.")
@click.option(
    "--export",
    "target",
    type=click.Path(path_type=Path),
    metavar="FILE.xlsx",
    help="Write the questions as a workbook to fill in, and ask nothing.",
)
@click.option(
    "--import",
    "filled",
    type=click.Path(path_type=Path),
    metavar="FILE.xlsx",
    help="Read a filled workbook, whose answers replace those there are.",
)
@language_option
@click.option("-q", "--quiet", is_flag=True, help="No summary at the end.")
def command(
    folder: Path | None,
    project: Path | None,
    community: str | None,
    names: tuple[str, ...],
    again: bool,
    target: Path | None,
    filled: Path | None,
    lang: str,
    quiet: bool,
) -> None:
    """Ask a community the framework's questions, one by one.

    Each answer is saved into communities/ID.yaml at once, as self-reported, with a link to evidence
    and a note: stop whenever you like (q, or Ctrl-C), and go on with the same command. s skips a
    question, b goes back. 'icfscore report' then writes the snapshot.

    \b
    Examples:
      icfscore init my-town --framework icf-self-assessment
      icfscore assess my-town --name 'My Town'
      icfscore assess my-town --lang vi
      icfscore assess my-town --export questions.xlsx
      icfscore assess my-town --import questions.xlsx
    """
    if folder is not None and project is not None:
        raise click.UsageError("give the project as DIR or with -C, not both")
    if target is not None and filled is not None:
        raise click.UsageError("--export and --import exclude each other")
    if target is not None and target.suffix.lower() != ".xlsx":
        raise click.UsageError("--export: name a FILE.xlsx")
    from icfscore.files.project_folder import read_project

    path = own_project(project if folder is None else folder)
    identifier = _settle(path, read_project(path), community, names, lang)
    from icfscore.files.assessment import Assessment

    assessment = Assessment(path, identifier)
    status = 0
    if target is not None:
        _write_workbook(assessment, target, lang)
    elif filled is not None:
        assessment = _read_workbook(assessment, filled)
    else:
        status = _ask(assessment, lang, again=again)
    if not quiet:
        _sum_up(assessment, lang)
    if status:
        raise SystemExit(status)


def _settle(
    path: Path, project: Folder, community: str | None, names: tuple[str, ...], lang: str
) -> str:
    """Settle whose answers they are; a new community gets its file."""
    from icfscore.errors import InputError, name_hint
    from icfscore.files.assessment import begin_assessment
    from icfscore.files.table_row import slug

    known = project.project.community_by_id
    if names:
        name = _name_of(names)
        identifier = community or slug(next(iter(name.values())))
        if not identifier:
            raise click.UsageError("--name: no id can be made of it; give one with --community")
        begin_assessment(path, identifier, name if len(name) > 1 else next(iter(name.values())))
        return identifier
    if community is None:
        community = project.settings.focus or (next(iter(known)) if len(known) == 1 else None)
    if community is None and not known:
        raise InputError.of(
            say("no communities yet"), say("begin with one: --name 'NAME OF THE COMMUNITY'")
        )
    if community is None:
        raise click.UsageError("whose answers? --community ID: the project has several")
    if community not in known:
        hint = name_hint(community, known, what=say("the communities"))
        raise InputError.of(
            say("no community '{name}'", name=community),
            hint or say("begin with one: --name 'NAME OF THE COMMUNITY'"),
        )
    return community


def _name_of(given: tuple[str, ...]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for text in given:
        found = _LANGUAGE.fullmatch(text)
        language, name = (found[1], found[2]) if found else ("en", text)
        if not name.strip():
            raise click.UsageError("--name must not be empty")
        texts[language] = name.strip()
    return texts


def _ask(assessment: Assessment, lang: str, *, again: bool) -> int:
    """Ask until the end; what was answered before someone stops is saved."""
    from icfscore.cli.questions import Dialogue, EndOfAnswers
    from icfscore.report.language import find_language

    try:
        Dialogue(assessment, find_language(lang)).run(again=again)
    except EndOfAnswers:
        pass
    except KeyboardInterrupt:
        click.echo("", err=True)
        return _INTERRUPTED
    return 0


def _write_workbook(assessment: Assessment, target: Path, lang: str) -> None:
    from icfscore.files.assessment import SOURCE, STATUS
    from icfscore.files.filling_book import project_texts
    from icfscore.files.write import write_file
    from icfscore.report.filling import filling_workbook

    folder = assessment.folder
    book = filling_workbook(
        folder.project,
        {assessment.community},
        (),
        project_texts(folder.path),
        lang,
        waiting={
            "status": STATUS,
            "year": folder.settings.reference_year,
            **({"source": SOURCE} if SOURCE in folder.project.sources else {}),
        },
        asked=True,
    )
    write_file(target, book)
    tell(say("wrote {target}", target=target))


def _read_workbook(assessment: Assessment, filled: Path) -> Assessment:
    from icfscore.files.assessment import Assessment as Reread
    from icfscore.files.commit import changing, commit, stage
    from icfscore.files.import_project import Request, plan_file

    with changing(assessment.path) as seen:
        request = Request(choice="replace", adopt_sources=True)
        plan = plan_file(filled, assessment.path, request)
        for note in plan.notes:
            tell(note)
        stage(assessment.path, plan.files)
        commit(assessment.path, plan.files, seen)
    return Reread(assessment.path, assessment.community)


def _sum_up(assessment: Assessment, lang: str) -> None:
    n, total = assessment.n_answered, len(assessment.questions)
    # In the form of a shell, and in the language that was asked for.
    folder = shlex.quote(str(assessment.path)) + ("" if lang == ENGLISH else f" --lang {lang}")
    parts: dict[str, Any] = {"n": n, "all": total, "folder": folder}
    tell(say("{n} of {all} questions are answered", **parts))
    if n < total:
        tell(say("to go on: icfscore assess {folder}", **parts))
    if n:
        tell(say("the snapshot: icfscore report -C {folder}", **parts))
