"""Reading structs of Thrift's compact protocol: numbers, structs and lists, by number of field.

https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from __future__ import annotations

from typing import Any

_DEEPEST = 8
_TRUE, _FALSE, _BYTE, _SHORT, _INTEGER, _LONG, _DOUBLE, _TEXT, _LIST, _SET, _MAP, _STRUCT = range(
    1, 13
)


def read_struct(raw: bytes, at: int, depth: int = 0) -> tuple[dict[int, Any], int]:
    """Read the struct that begins at a position, and find where it ends.

    Returns
    -------
    Values by number of field, None for texts, and the position behind it.

    Raises
    ------
    ValueError, IndexError
        Where there is no such struct.
    """
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    fields: dict[int, Any] = {}
    field = 0
    while (head := raw[at]) != 0:
        at += 1
        if head >> 4:
            field += head >> 4
        else:
            number, at = _varint(raw, at)
            field = _signed(number)
        kind = head & 15
        if kind in (_TRUE, _FALSE):  # of a field, the value is the kind
            fields[field] = kind == _TRUE
        else:
            fields[field], at = _value(raw, at, kind, depth)
    return fields, at + 1


def _value(raw: bytes, at: int, kind: int, depth: int) -> tuple[Any, int]:
    if kind in (_SHORT, _INTEGER, _LONG):
        number, at = _varint(raw, at)
        return _signed(number), at
    if kind in (_TRUE, _FALSE, _BYTE):
        return None, at + 1
    if kind == _DOUBLE:
        return None, at + 8
    if kind == _TEXT:
        length, at = _varint(raw, at)
        return None, at + length
    if kind in (_LIST, _SET):
        return _list(raw, at, depth)
    if kind == _STRUCT:
        return read_struct(raw, at, depth + 1)
    raise ValueError("a value of an unknown kind")


def _list(raw: bytes, at: int, depth: int) -> tuple[list[Any], int]:
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    size, kind = raw[at] >> 4, raw[at] & 15
    at += 1
    if size == 15:
        size, at = _varint(raw, at)
    values = []
    for _ in range(size):
        value, at = _value(raw, at, kind, depth + 1)
        if at > len(raw):
            raise ValueError("a list without an end")
        values.append(value)
    return values, at


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = raw[at]
        number |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return number, at
        if shift > 63:
            raise ValueError("a number without an end")


def _signed(number: int) -> int:
    return (number >> 1) ^ -(number & 1)
