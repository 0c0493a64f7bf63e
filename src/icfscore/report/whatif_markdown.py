"""A what-if in Markdown."""

from __future__ import annotations

from icfscore.pipeline.whatif import WhatIf
from icfscore.report.escape import escape
from icfscore.report.language import find_language
from icfscore.report.markdown import Writer
from icfscore.report.whatif_record import interval_in, listed, rank_in, score_in
from icfscore.report.whatif_words import WhatIfWords
from icfscore.report.wording import Wording
from icfscore.sentences import ENGLISH


def whatif_markdown(found: WhatIf, code: str = ENGLISH) -> str:
    """Write what changes, what it does, and both rankings side by side."""
    language = find_language(code)
    writer = Writer(found.before, language)
    wording = Wording(found.before, language, writer.numbers, escape)
    changed = {each.change.community for each in found.changes}
    rows = [
        {
            "community": name,
            "changed": name in changed,
            "ranks": [rank_in(scoring, name) for scoring in (found.before, found.after)],
            "intervals": [interval_in(d, name) for d in (found.draws_before, found.draws_after)],
            "scores": [score_in(scoring, name) for scoring in (found.before, found.after)],
        }
        for name in listed(found)
    ]
    content = {
        "words": WhatIfWords(found, language, writer.numbers, wording),
        "rows": rows,
        "drawn": found.draws_before is not None,
    }
    return writer.write("whatif.md.j2", content)
