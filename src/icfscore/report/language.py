"""The language a report is written in: our sentences from a catalogue, others' texts from files.

Sentences stand in the templates and pass through gettext. A catalogue is a file
``locales/<language>/LC_MESSAGES/icfscore.mo`` in this package; where there is none the sentences
are English, and so are the numbers among them, while names and texts keep their own language.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from pathlib import Path

from babel.numbers import get_decimal_symbol, get_group_symbol

from icfscore.sentences import ENGLISH, LOCALES, Sentence, Signs, in_language

_LOCALE = {ENGLISH: "en_GB"}  # as the sentences are spelt


@dataclass(frozen=True, slots=True)
class Language:
    """A language of reports.

    Attributes
    ----------
    code
        Language of names and texts from the project's files.
    catalogue
        Our sentences.
    sentences
        Language that our sentences are in.
    """

    code: str
    catalogue: gettext.NullTranslations
    sentences: str

    @property
    def locale(self) -> str:
        """The locale of numbers and lists: that of the sentences they stand in."""
        return _LOCALE.get(self.sentences, self.sentences)

    def gettext(self, sentence: str) -> str:
        """Translate one of our sentences; its ``{places}`` are filled afterwards."""
        return self.catalogue.gettext(sentence)

    def ngettext(self, one: str, many: str, n: int) -> str:
        """Translate a sentence that depends on a number."""
        return self.catalogue.ngettext(one, many, n)

    def said(self, text: str) -> str:
        """Say a text of our code in this language; it may be a sentence with parts."""
        if isinstance(text, Sentence):
            return in_language(text, self.gettext, self.signs)
        return self.gettext(text) if text else text

    @property
    def signs(self) -> Signs:
        """The signs between whole numbers and fractions, and between thousands."""
        return str(get_decimal_symbol(self.locale)), str(get_group_symbol(self.locale))


def find_language(code: str, folder: Path = LOCALES) -> Language:
    """Find a language's catalogue; without one the sentences are English."""
    found = gettext.translation("icfscore", str(folder), languages=[code], fallback=True)
    missing = type(found) is gettext.NullTranslations
    return Language(code, found, ENGLISH if missing else code)
