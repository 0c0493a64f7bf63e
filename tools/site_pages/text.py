"""Docstrings as Markdown: sections, prose, and formulas with subscripts and signs."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

_CODE = re.compile(r"(`[^`]+`)")
_URL = re.compile(r"https?://(?:[^\s()<>]|\([^\s()<>]*\))+(?<![.,;])")
_SIGNS = {
    "sum": "∑", "prod": "∏", "sqrt": "√", "lambda": "λ", "alpha": "α", "beta": "β", "pi": "π",
    "xi": "ξ", "sigma": "σ",
}  # fmt: skip
_NAME = re.compile(r"(?<!&)(?<!')\b([A-Za-zλαβπσξ]+)((?:_(?:\(\w\)|\w+|\[\w+\]))?)")
_WORDS = re.compile(r"(?<=the )sum\b|^sum(?=:)")
_A = re.compile(r"\ba [=<>]")  # where "a" is a quantity, and no article
_COMMENT = re.compile(r"[.,] +(?=[a-z]{2,} [a-z]+ [a-z]+ [a-z]+)|\.\s+(?=[A-Z])")
_RELATION = r"(?:=|<=|>=)"
_LEFT = r"(?:(?:\w+: )?[\w|]+(?:\[\w\])?(?:²)?|A w|[\w -]*consistency ratio|w_order\[1\])"
_FORMULA = re.compile(rf"^(?:minimise |{_LEFT} {_RELATION} )")


def is_formula(paragraph: str) -> bool:
    """Tell whether a paragraph of a docstring begins with a formula.

    Examples
    --------
    >>> is_formula("y = low + (high - low) (x - min) / (max - min)"), is_formula("With M the mean")
    (True, False)
    """
    return bool(_FORMULA.match(paragraph))


def formula(text: str) -> str:
    """Set a formula of a docstring in HTML, a line each.

    Examples
    --------
    >>> formula("y_a = sum_b x_ab^2")
    '<i>y</i><sub>a</sub> = ∑<sub>b</sub> <i>x</i><sub>ab</sub><sup>2</sup>'
    """
    quantity = bool(_A.search(text))
    return "<br>\n".join(_formula_line(line, quantity) for line in text.splitlines())


def _formula_line(line: str, quantity: bool) -> str:
    text = re.sub(r"\b([dSRA])([-+*])(?=[ ),]|$)", r"\1^\2", line)
    text = text.replace("<=", "≤").replace(">=", "≥").replace("-/+", "∓").replace("...", "…")
    text = html.escape(text, quote=False)
    text = re.sub(r"(?<=[\s(])-(?=[\s\w(])|^-", "−", text)
    words = {found.start() for found in _WORDS.finditer(text)}
    text = _NAME.sub(
        lambda name: name[0] if name.start() in words else _set_name(name, quantity), text
    )
    text = re.sub(r"\^\(([^()]*)\)", r"<sup>\1</sup>", text)
    text = re.sub(r"\^([-+*]|<i>\w</i>|\d+)", r"<sup>\1</sup>", text)
    return text.replace("<sup>-</sup>", "<sup>−</sup>").replace("*", "&#42;")


def _set_name(found: re.Match[str], quantity: bool) -> str:
    name, below = found[1], found[2].removeprefix("_")
    name = _SIGNS.get(name, name)
    if len(name) == 1 and name not in "∑∏√" and (name != "a" or below or quantity):
        name = f"<i>{name}</i>"
    return f"{name}<sub>{below.strip('[]')}</sub>" if below else name


def prose(text: str) -> str:
    """Make Markdown of plain text: code stays code, links are links, nothing else is a sign.

    Examples
    --------
    >>> prose("x_i < 1, see `a_b` and https://doi.org/10.1/x.")
    'x<sub>i</sub> &lt; 1, see `a_b` and <https://doi.org/10.1/x>.'
    """
    pieces = (
        part if part.startswith("`") and part.endswith("`") else _plain(part)
        for part in _CODE.split(text.replace("``", "`"))
    )
    return "".join(pieces)


def _plain(text: str) -> str:
    ends = [0]
    out = []
    for link in _URL.finditer(text):
        out += [_escape(text[ends[-1] : link.start()]), f"<{link[0]}>"]
        ends.append(link.end())
    return "".join([*out, _escape(text[ends[-1] :])])


def _escape(text: str) -> str:
    text = html.escape(text, quote=False).replace("<=", "≤")
    text = re.sub(r"\b([A-Za-zλαβπσ]|pi)_([a-z0-9]{1,2})\b", r"\1<sub>\2</sub>", text)
    return re.sub(r"([*\[\]|]|_(?!$))", r"\\\1", text)


def sections(text: str) -> Iterator[tuple[str, str]]:
    """Split a docstring at its underlined titles; the first part has no title."""
    title = ""
    body: list[str] = []
    lines = text.splitlines()
    skip = False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if skip:
            skip = False
        elif line and following and set(following) == {"-"}:
            yield title, "\n".join(body).strip()
            title, body, skip = line, [], True
        else:
            body.append(line)
    yield title, "\n".join(body).strip()


def paragraphs(text: str) -> str:
    """Make Markdown of paragraphs, lists and formulas."""
    return "\n\n".join(_paragraph(block) for block in text.split("\n\n") if block.strip())


def _paragraph(block: str) -> str:
    if not is_formula(block):
        return prose(block)
    for comment in _COMMENT.finditer(block):
        head, rest = block[: comment.start()], block[comment.end() :]
        if not any(is_formula(line) for line in rest.splitlines()):
            return f"{_display(head)}\n\n{prose(rest)}"
    return _display(block)


def _display(text: str) -> str:
    return f'<div class="formula">{formula(text)}</div>'


def definitions(text: str) -> list[tuple[str, str]]:
    """Read numpy-style entries: a name, and the indented text below it."""
    entries: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("    "):
            entries[-1][1].append(line.strip())
        elif line.strip():
            entries.append((line.strip(), []))
    return [(name, " ".join(lines)) for name, lines in entries]


def table(headers: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Make a Markdown table; cells are Markdown without line ends."""
    lines = [headers, tuple("---" for _ in headers), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace(chr(10), ' ') for cell in line)} |" for line in lines
    )


def fenced(text: str, kind: str) -> str:
    """Put text into a block of code."""
    return f"```{kind}\n{text.rstrip()}\n```"
