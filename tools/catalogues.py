"""Collect the sentences of the package, and keep the catalogues of all languages in step.

    python tools/catalogues.py            update every catalogue with new sentences, compile all
    python tools/catalogues.py --new fr   begin another language

A catalogue is ``src/icfscore/locales/<language>/LC_MESSAGES/icfscore.po``; the compiled ``.mo``
beside it is what the package reads.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import catalog as babel_catalog
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "icfscore"
LOCALES = SOURCE / "locales"
KEYWORDS = dict.fromkeys(("_", "gettext", "translate", "say"))
KEYWORDS |= {"ngettext": (1, 2), "_n": (1, 2), "say_many": (2,)}
METHODS = [("**.py", "python"), ("**.j2", "jinja2.ext:babel_extract")]
babel_catalog.VERSION = "of any version"  # the same bytes by all of them
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
_PASSING = tuple(
    f'"{name}'
    for name in ("POT-", "PO-", "Project-", "Report-", "Last-", "Language-Team", "Generated-")
)
OPTIONS = {
    "**.j2": {"trimmed": "true", "newstyle_gettext": "true", "extensions": "jinja2.ext.do"},
}


def sentences() -> Catalog:
    """Collect every sentence that the package says: in code, in templates, of its methods."""
    catalogue = Catalog(project="icfscore", charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        SOURCE, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS, comment_tags=("i18n:",)
    )
    for path, _, message, comments, context in found:
        catalogue.add(message, locations=[(str(path), 0)], auto_comments=comments, context=context)
    for kind, summary in _summaries():
        catalogue.add(summary, locations=[(f"method {kind}", 0)])
    return catalogue


def _summaries() -> Iterator[tuple[str, str]]:
    """List the first line of each method's documentation, which reports quote."""
    from icfscore.report.method_pages import method_pages

    for page in method_pages():
        yield page.kind, " ".join(page.summary.split())


def languages() -> list[str]:
    """List the languages that have a catalogue."""
    return sorted(path.parent.parent.name for path in LOCALES.glob("*/LC_MESSAGES/icfscore.po"))


def path_of(language: str) -> Path:
    """Name a language's catalogue."""
    return LOCALES / language / "LC_MESSAGES" / "icfscore.po"


def read(language: str) -> Catalog:
    """Read a language's catalogue."""
    return read_po(io.BytesIO(path_of(language).read_bytes()), locale=language)


def compiled(catalogue: Catalog) -> bytes:
    """Compile a catalogue."""
    catalogue.creation_date = catalogue.revision_date = _NO_DATE  # the same bytes on every day
    target = io.BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


def update(language: str) -> tuple[int, int]:
    """Bring a catalogue in step with the code; count its sentences, and those untranslated."""
    path = path_of(language)
    catalogue = read(language) if path.exists() else Catalog(locale=language, fuzzy=False)
    catalogue.header_comment = f"# icfscore, {language}. Terms: docs/translating.md"
    catalogue.update(sentences(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    target = io.BytesIO()
    write_po(target, catalogue, width=100, no_location=True, omit_header=False, sort_output=True)
    lines = target.getvalue().decode().splitlines(keepends=True)
    kept = (line for line in lines if not line.startswith(_PASSING))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(kept), encoding="utf-8")
    path.with_suffix(".mo").write_bytes(compiled(read(language)))
    said = [message for message in catalogue if message.id]
    return len(said), sum(not message.string or not any(message.string) for message in said)


def main() -> None:
    """Update the catalogues."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--new", metavar="LANGUAGE", help="begin another language")
    new = parser.parse_args().new
    for language in sorted({*languages(), *([new] if new else [])}):
        total, missing = update(language)
        print(f"{language}: {total} sentences, {missing} untranslated")


if __name__ == "__main__":
    main()
