"""The schemas that the package carries, and the line that ties a YAML file to its own.

The line is for editors only, so it is no part of what is read, nor of the digest.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

MODELINE = "# yaml-language-server: $schema="
FOLDER = "schemas"
_SHIPPED = Path(__file__).resolve().parent.parent / FOLDER
_KINDS = (
    "settings",
    "framework",
    "criterion",
    "community",
    "area",
    "sources",
    "panel",
    "ballots",
    "mapping",
)


def shipped_schemas() -> dict[str, str]:
    """Read the schemas that the package carries, by the names of their files."""
    return {
        name: (_SHIPPED / name).read_text(encoding="utf-8")
        for name in (f"{kind}.schema.json" for kind in _KINDS)
    }


def with_modeline(path: str, text: str) -> str:
    """Put the line on top of a project's file, by its path relative to the project.

    Examples
    --------
    >>> print(with_modeline("communities/areas/VNM.yaml", "id: VNM"))
    # yaml-language-server: $schema=../../schemas/area.schema.json
    id: VNM
    """
    if text.startswith(MODELINE):
        return text
    up = "../" * (len(PurePosixPath(path).parts) - 1)
    return f"{MODELINE}{up}{FOLDER}/{_kind_of(path)}.schema.json\n{text}"


def without_modeline(text: str) -> str:
    """Take the line off."""
    return text.partition("\n")[2] if text.startswith(MODELINE) else text


def _kind_of(path: str) -> str:
    parts = PurePosixPath(path)
    if len(parts.parts) == 1:
        return "settings"
    if parts.parts[0] == "criteria":
        return "framework" if parts.stem == "framework" else "criterion"
    if parts.parts[0] in ("panels", "ballots"):
        return {"panels": "panel", "ballots": "ballots"}[parts.parts[0]]
    if "areas" in parts.parts:
        return "area"
    return "sources" if parts.stem == "sources" else "community"
