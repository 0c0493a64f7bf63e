"""A plan in Markdown: a page for those who decide, then what it rests on."""

from __future__ import annotations

from icfscore.report.escape import escape
from icfscore.report.language import find_language
from icfscore.report.markdown import Writer
from icfscore.report.plan_record import PlanTold
from icfscore.report.plan_words import PlanWords
from icfscore.report.wording import Wording
from icfscore.sentences import ENGLISH


def plan_markdown(told: PlanTold, code: str = ENGLISH) -> str:
    """Write the plan."""
    language = find_language(code)
    writer = Writer(told.plan.before, language)
    wording = Wording(told.plan.before, language, writer.numbers, escape)
    words = PlanWords(told, language, writer.numbers, wording, r"\~")
    return writer.write("plan.md.j2", {"words": words, "plan": told.plan})
