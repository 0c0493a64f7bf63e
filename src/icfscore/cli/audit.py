"""`icfscore audit`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from icfscore.cli.options import deliver, open_run, options_of, output_options, run_options


@click.command()
@run_options
@output_options("table", "markdown", "json")
def command(layout: str, output: Path | None, **given: Any) -> None:
    """Audit the framework: what it rests on, whether it hangs together, what drives it.

    Findings in plain language come first, then the statistics behind them, once of all values and
    once of the communities' own alone. --seed and --draws (a thousand at the most) are those of the
    bootstrap of the effective weights.

    \b
    Examples:
      icfscore audit
      icfscore audit --set recipe.outliers.kind=winsorise
      icfscore audit -C my-project --format markdown -o audit.md
    """
    from icfscore.pipeline.audit import audit
    from icfscore.report.language import find_language

    run = open_run(options_of(given))
    language = find_language(run.options.language)
    told = audit(run.score())
    if layout == "table":
        from icfscore.report.audit_page import audit_terminal

        text = audit_terminal(told, language, piped=True if output else None)
    elif layout == "markdown":
        from icfscore.report.audit_page import audit_markdown

        text = audit_markdown(told, language)
    else:
        from icfscore.report.audit import audit_record
        from icfscore.report.records import json_text

        text = json_text(audit_record(told, language))
    deliver(text, output)
