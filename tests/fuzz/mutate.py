"""Valid files made invalid: in their bytes, their lines, their data, or inside their archive."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

import yaml

from tests.fuzz.projects import spelt
from tests.fuzz.values import HOSTILE_NUMBERS, HOSTILE_TEXTS, hostile, number

YAML_SNIPPETS = (
    "&a [*a]", "*a", "!!python/object:os.system x", "!!binary aGk=", "!t x", "? a\n: b\n", "---\n", "...\n",
    "%YAML 1.1\n---\n", "<<: {a: 1}", "{a: 1, a: 2}", "[[[[[[[[", "]" * 50, "{" * 60, "- " * 60, "'", '"',
    "\t", "|\n  x", ">-\n", "a: b: c", "@x", "`x`", "null", "~", "[1, 2", "# x", ": ", "a:", "[, ]", "{? a}",
)  # fmt: skip
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def of_bytes(r: Random, raw: bytes) -> bytes:
    """Flip, cut, double or shuffle bytes, or encode the text otherwise."""
    pick = r.randrange(9)
    if not raw:
        return bytes(r.randrange(256) for _ in range(r.randrange(20)))
    at = r.randrange(len(raw))
    upto = min(len(raw), at + r.choice([1, 2, 8, 100]))
    if pick == 0:
        return raw[:at]
    if pick == 1:
        return raw[:at] + bytes([raw[at] ^ (1 << r.randrange(8))]) + raw[at + 1 :]
    if pick == 2:
        return raw[:at] + raw[upto:]
    if pick == 3:
        return raw[:upto] + raw[at:]
    if pick == 4:
        return raw[:at] + bytes(r.randrange(256) for _ in range(r.choice([1, 4]))) + raw[upto:]
    if pick == 5:
        return (
            raw[:at]
            + r.choice([b"\0", b"\xff", b"\xef\xbb\xbf", b"\r", b"\x1a", b"\xed\xa0\x80"])
            + raw[at:]
        )
    if pick == 6:
        return r.choice(
            [b"\xef\xbb\xbf" + raw, raw.replace(b"\n", b"\r\n"), raw.replace(b"\n", b"\r")]
        )
    if pick == 7:
        return raw.decode("utf-8", "replace").encode(
            r.choice(["utf-16", "utf-32", "latin-1", "cp1252"]), "replace"
        )
    return r.choice([b"", b"\n", raw * 2, b" " + raw, raw + b"\0", raw[::-1]])


def of_lines(r: Random, raw: bytes) -> bytes:
    """Drop, double or swap lines, or put something hostile in the place of a word or number."""
    content = raw.decode("utf-8", "replace")
    pick = r.randrange(7)
    lines = content.split("\n")
    at, other = r.randrange(len(lines)), r.randrange(len(lines))
    if pick == 0:
        del lines[at]
    elif pick == 1:
        lines.insert(other, lines[at])
    elif pick == 2:
        lines[at], lines[other] = lines[other], lines[at]
    elif pick == 3:
        lines[at] = (
            r.choice(["  ", "- ", "#", " "]) + lines[at] if r.random() < 0.5 else lines[at].lstrip()
        )
    elif pick == 4:
        position = r.randrange(len(lines[at]) + 1)
        snippet = r.choice([*YAML_SNIPPETS, *HOSTILE_TEXTS])
        lines[at] = lines[at][:position] + snippet + lines[at][position:]
    else:
        pattern = _NUMBER if pick == 5 else re.compile(r"\w+")
        found = list(pattern.finditer(content))
        if found:
            match = r.choice(found)
            with_ = r.choice(HOSTILE_NUMBERS if pick == 5 or r.random() < 0.3 else HOSTILE_TEXTS)
            return (content[: match.start()] + with_ + content[match.end() :]).encode(
                "utf-8", "replace"
            )
    return "\n".join(lines).encode("utf-8", "replace")


def of_data(r: Random, raw: bytes) -> bytes:
    """Read YAML, then drop, double, rename or replace one of its parts."""
    try:
        data = yaml.load(raw, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError):
        return of_lines(r, raw)
    places = list(_places(data, 0))
    if not places:
        return spelt(r, hostile(r))
    for _ in range(r.choice([1, 1, 1, 2, 4])):
        holder, key = r.choice(places)
        _change(r, holder, key, places)
    try:
        return spelt(r, data)
    except (TypeError, ValueError, RecursionError, yaml.YAMLError):
        return of_lines(r, raw)


def _places(data: Any, depth: int) -> Any:
    if depth > 30:
        return
    items = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for key, value in items:
        yield data, key
        yield from _places(value, depth + 1)


def _change(r: Random, holder: Any, key: Any, places: list[tuple[Any, Any]]) -> None:
    if isinstance(holder, dict) and key not in holder:
        return
    if isinstance(holder, list) and key >= len(holder):
        return
    pick = r.randrange(7)
    if isinstance(holder[key], int | float) and r.random() < 0.5:
        holder[key] = number(r)
    elif pick == 0:
        del holder[key]
    elif pick == 1 and isinstance(holder, dict):
        holder[r.choice([*HOSTILE_TEXTS, *holder])] = holder.pop(key)
    elif pick == 1:
        holder.insert(r.randrange(len(holder) + 1), holder[key])
    elif pick == 2:
        source, name = r.choice(places)
        if (name in source) if isinstance(source, dict) else name < len(source):
            holder[key] = deepcopy(source[name])
    elif pick == 3:
        holder[key] = r.choice([[holder[key]], {"value": holder[key]}, str(holder[key])])
    else:
        holder[key] = hostile(r)


def of_table(r: Random, raw: bytes) -> bytes:
    """Change cells of separated text."""
    rows = [line.split(",") for line in raw.decode("utf-8", "replace").split("\n")]
    for _ in range(r.choice([1, 1, 3])):
        row = r.choice(rows)
        at = r.randrange(len(row))
        pick = r.randrange(5)
        if pick == 0:
            row[at] = r.choice(HOSTILE_NUMBERS)
        elif pick == 1:
            row[at] = r.choice(HOSTILE_TEXTS)
        elif pick == 2:
            row[at] = r.choice(r.choice(rows))
        elif pick == 3:
            row.insert(at, r.choice(row))
        elif len(row) > 1:
            del row[at]
    return "\n".join(",".join(row) for row in rows).encode("utf-8", "replace")


def of_archive(r: Random, raw: bytes) -> bytes:
    """Change one part of a zip file: its text, or that it is there."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError, OSError):
        return of_bytes(r, raw)
    names = [n for n, (name, _) in enumerate(parts) if r.random() < 0.3 or "theme" not in name]
    at = r.choice(names or [0])
    name, content = parts[at]
    pick = r.randrange(8)
    if pick == 0:
        del parts[at]
    elif pick == 1:
        parts[at] = (r.choice(["../x", "/x", name.upper(), name + "x"]), content)
    elif pick == 2:
        parts[at] = (name, of_bytes(r, content))
    else:
        parts[at] = (name, _of_xml(r, content))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.writestr(*part)
    return stream.getvalue()


def _of_xml(r: Random, raw: bytes) -> bytes:
    content = raw.decode("utf-8", "replace")
    pattern = r.choice([r'"[^"]*"', r">[^<>]+<", r"<[^<>]+>", r"\d+", r'\b[a-zA-Z]+="[^"]*"'])
    found = list(re.finditer(pattern, content))
    if not found:
        return of_bytes(r, raw)
    for match in sorted(
        r.sample(found, min(len(found), r.choice([1, 1, 2]))), key=lambda m: -m.start()
    ):
        old = match[0]
        fresh = r.choice(
            [
                *HOSTILE_NUMBERS,
                *HOSTILE_TEXTS,
                "s",
                "e",
                "d",
                "b",
                "str",
                "A0",
                "ZZZ9999999",
                "XFD1:A1",
            ]
        )
        if pattern.startswith('"'):
            new = f'"{fresh}"'
        elif pattern.startswith(">"):
            new = f">{fresh}<"
        elif pattern.startswith("<"):
            new = r.choice(
                [
                    "",
                    old * 2,
                    "<!DOCTYPE x>",
                    "<x>",
                    "</c>",
                    "<f>A1</f>",
                    "<v>1</v>",
                    f"<!--{fresh}-->",
                ]
            )
        else:
            new = r.choice([fresh, "", old * 2])
        content = content[: match.start()] + new + content[match.end() :]
    return content.encode("utf-8", "replace")


def nudged(r: Random, raw: bytes) -> bytes:
    """Put other numbers in the place of some, so that the file mostly stays a valid one."""
    content = raw.decode("utf-8", "replace")
    found = [
        each
        for each in _NUMBER.finditer(content)
        if each.start() and content[each.start() - 1] in " [,"
    ]
    for match in sorted(r.sample(found, min(len(found), 3)), key=lambda m: -m.start()):
        new = (
            f"{abs(number(r)):g}"
            if r.random() < 0.1
            else f"{r.uniform(0, 2) * float(match[0]):.4g}"
        )
        content = content[: match.start()] + new + content[match.end() :]
    return content.encode()


def mutated(r: Random, name: str, raw: bytes) -> bytes:
    """Change a file in one of the ways that its kind knows."""
    suffix = name.rpartition(".")[2]
    ways: list[Callable[[Random, bytes], bytes]] = {
        "yaml": [of_data, of_data, of_lines, of_lines, of_bytes],
        "csv": [of_table, of_table, of_lines, of_bytes],
        "xlsx": [of_archive, of_archive, of_archive, of_bytes],
    }.get(suffix, [of_bytes])
    for _ in range(r.choice([1, 1, 1, 2])):
        raw = r.choice(ways)(r, raw)
    return raw
