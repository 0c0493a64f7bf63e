"""Asking a community's questions in the terminal, or from a pipe: one line of input an answer."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from icfscore.domain.questions import Answer, answers_of
from icfscore.domain.text import Text, text_in
from icfscore.report.escape import NAME_LENGTH, clean

if TYPE_CHECKING:
    from icfscore.domain.communities import Observation
    from icfscore.domain.criteria import Indicator
    from icfscore.files.assessment import Assessment
    from icfscore.report.language import Language

_LONGEST_NOTE = 2000
_NOTHING = "-"  # takes a link or note out
_STOP = ("q", "quit")


class EndOfAnswers(Exception):  # noqa: N818 - no error: someone stops
    """Nobody answers any more."""


@dataclass(slots=True)
class Dialogue:
    """Goes through the questions; what was answered is saved before the next one is asked."""

    assessment: Assessment
    language: Language

    def run(self, *, again: bool = False) -> None:
        """Ask what is open, or everything again, until the end or until someone stops.

        Raises
        ------
        EndOfAnswers
            Where someone stops, or the input ends.
        """
        questions = self.assessment.questions
        position = 0 if again else self._next_open(0)
        while position < len(questions):
            step = self._ask(position)
            if step < 0:
                position = max(position - 1, 0)
            else:
                position = position + 1 if again else self._next_open(position + 1)

    def _next_open(self, start: int) -> int:
        """Find the first open question from a place on."""
        questions = self.assessment.questions
        for position in range(start, len(questions)):
            if self.assessment.answer_to(questions[position]) is None:
                return position
        return len(questions)

    def _ask(self, position: int) -> int:
        """Ask one question; -1 to go back, 1 to go on."""
        _ = self.language.gettext
        question = self.assessment.questions[position]
        answers = answers_of(question)
        known = self.assessment.answer_to(question)
        self._show(position, question, answers, known)
        while True:
            given = self._read(_("Answer: "))
            if given.casefold() in _STOP:
                raise EndOfAnswers
            if given.casefold() in ("b", "back"):
                return -1
            if given.casefold() in ("s", "skip") or (not given and known is not None):
                return 1
            chosen = _choose(given, answers, self.language.code)
            if chosen is not None:
                self._take(question, chosen, known)
                return 1
            told = _(
                "'{given}' is no answer here: a number from 0 to {last} or its word, s, b or q"
            )
            self._say(told.format(given=clean(given, NAME_LENGTH), last=len(answers) - 1))

    def _show(
        self,
        position: int,
        question: Indicator,
        answers: Sequence[Answer],
        known: Observation | None,
    ) -> None:
        _ = self.language.gettext
        tree = self.assessment.folder.project.tree
        criterion = tree.node_by_id[tree.criterion_of(question.id)]
        place = f"[{position + 1}/{len(self.assessment.questions)}]"
        self._say("")
        self._say(f"{place} {self._text(criterion.name)} · {self._text(question.name)}")
        if question.description:
            self._say(self._text(question.description))
        for number, answer in enumerate(answers):
            self._say(f"  {number}  {self._text(answer.text)}")
        if known is None:
            self._say(
                _("(a number or its word; s: skip, b: back, q: stop; what was answered is saved)")
            )
            return
        now = next((a.text for a in answers if a.value == known.value), f"{known.value:g}")
        self._say(_("now: {answer}").format(answer=self._text(now)))
        self._say(_("(a number or its word; Enter: keep it, s: skip, b: back, q: stop)"))

    def _take(self, question: Indicator, chosen: Answer, known: Observation | None) -> None:
        """Save an answer, then what stands beside it."""
        _ = self.language.gettext
        link = "" if known is None else self.assessment.link_of(known)
        note = "" if known is None else text_in(known.note, self.language.code)
        self.assessment.save(question, chosen, link, note)
        self._say(
            _("saved; {n} of {all} answered").format(
                n=self.assessment.n_answered, all=len(self.assessment.questions)
            )
        )
        new_link = self._read_link(link)
        if new_link != link:
            self.assessment.save(question, chosen, new_link, note)
        new_note = self._read_kept(_("Note"), note)[:_LONGEST_NOTE]
        if new_note != note:
            self.assessment.save(question, chosen, new_link, new_note)

    def _read_link(self, known: str) -> str:
        _ = self.language.gettext
        while True:
            given = self._read_kept(_("Link to the evidence"), known)
            if not given or given == known or _is_link(given):
                return given
            self._say(_("a link begins with https:// or http://; Enter leaves it out"))

    def _read_kept(self, what: str, known: str) -> str:
        """Read a line; an empty one keeps what is there, a dash takes it out, and q stops.

        Raises
        ------
        EndOfAnswers
            Where someone stops: the answer itself is saved already.
        """
        _ = self.language.gettext
        if not known:
            prompt = _("{what} (Enter: none): ").format(what=what)
        else:
            shown = clean(known, NAME_LENGTH)
            prompt = _("{what} (Enter: {known}; -: none): ").format(what=what, known=shown)
        given = self._read(prompt)
        if given.casefold() in _STOP:
            raise EndOfAnswers
        return "" if given == _NOTHING else given or known

    def _read(self, prompt: str) -> str:
        """Read a line of input.

        Raises
        ------
        EndOfAnswers
            At the end of the input.
        """
        click.echo(prompt, nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            click.echo("", err=True)
            raise EndOfAnswers
        given = clean(line.strip(), _LONGEST_NOTE)
        if not sys.stdin.isatty():  # nobody's keys show it
            self._say(given)
        return given

    def _text(self, text: Text) -> str:
        return clean(text_in(text, self.language.code))

    def _say(self, text: str) -> None:
        click.echo(text, err=True)


def _choose(given: str, answers: Sequence[Answer], code: str) -> Answer | None:
    """Find the answer that a number, its word, or what it is called on the screen stands for."""
    if given.isdecimal() and given.isascii() and len(given) < 10:
        return answers[int(given)] if int(given) < len(answers) else None
    called = {_heading(text_in(answer.text, code)): answer for answer in answers}
    words = {answer.word.casefold(): answer for answer in answers}
    return (called | words).get(unicodedata.normalize("NFC", given).casefold())


def _heading(text: str) -> str:
    """Cut what an answer is called from what counts as it: `Plan: adopted in writing` is a plan."""
    return unicodedata.normalize("NFC", text.partition(":")[0].strip()).casefold()


def _is_link(text: str) -> bool:
    try:
        found = urlsplit(text)
    except ValueError:
        return False
    return found.scheme in ("http", "https") and bool(found.netloc) and " " not in text
