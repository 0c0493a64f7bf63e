r"""Texts of others in Markdown: shown as what they are, never as markup.

Names, notes, units and addresses come from files that anyone may have written. In Markdown they may
be no link, no HTML, no formula and no heading, and must not break a table: every character that
could begin one is escaped, all white space becomes one blank, and control and direction characters
go.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

NAME_LENGTH = 80
TEXT_LENGTH = 2000
_URL_LENGTH = 2000
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~$]|&(?=#?\w+;))")
_LINE_START = re.compile(r"^(?:([-+=])|(\d+)([.)])(?=\s|$))")
_ADDRESS = re.compile(r"(?i):(?=//)|(?<=www)\.")
_JOINERS = "\u200c\u200d"  # within letters and emoji
_RIGHT_TO_LEFT = ("R", "AL")


def clean(text: str, length: int = TEXT_LENGTH) -> str:
    """Bring a text to one line of printable characters, shortened where it is too long."""
    kept = "".join(_printable(letter) for letter in text[: 4 * length])
    line = " ".join(kept.split())
    if len(line) > length or len(text) > 4 * length:
        line = f"{line[: length - 1].rstrip()}…"
    if any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in line):
        return f"\u2068{line}\u2069"  # what is written the other way must not turn its neighbours
    return line


def _printable(letter: str) -> str:
    if letter.isprintable() or letter in _JOINERS:
        return letter
    return " " if unicodedata.category(letter) in ("Cc", "Zs", "Zl", "Zp") else ""


def escape(text: str, length: int = TEXT_LENGTH) -> str:
    r"""Spell a text so that Markdown shows it letter by letter.

    Examples
    --------
    >>> print(escape("a|b [x](javascript:1) <b>"))
    a\|b \[x\](javascript:1) \<b\>
    """
    line = _SPECIAL.sub(r"\\\1", clean(text, length))
    line = _ADDRESS.sub(lambda found: f"\\{found[0]}", line)
    line = line.replace("@", "@\u2060")  # GitHub would make a link of an e-mail address
    return _LINE_START.sub(_escape_start, line)


def _escape_start(found: re.Match[str]) -> str:
    sign, number, mark = found.groups()
    return f"\\{sign}" if sign else f"{number}\\{mark}"


def link(text: str, address: str) -> str:
    """Make a link of a text that is escaped already; no address but http and https becomes one."""
    target = _target(address)
    return f"[{text}](<{target}>)" if target else text


def is_web_address(address: str) -> bool:
    """Tell whether an address can become a link."""
    return _target(address) is not None


def _target(address: str) -> str | None:
    address = address.strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return None
    quoted = quote(address, safe="!#%&'*+,/:;=?@-._~")
    quoted = re.sub(r"&(?=#?\w+;)", "%26", quoted)
    return quoted if len(quoted) <= _URL_LENGTH else None
