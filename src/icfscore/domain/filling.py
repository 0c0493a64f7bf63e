"""The workbook to fill in: names that its writer and its reader share."""

from __future__ import annotations

FILLING_SCHEMA = "icfscore.filling/1"
COVER, GAPS, SOURCES, FILES = "README", "gaps", "sources", "files"
CONTEXT = "context"
HEADER_ROWS = 2  # names for programs, then names for people
# Columns that begin with this sign are shown, not read.
SHOWN = "#"
SOURCE_COLUMNS = ("key", "title", "publisher", "year", "url")
FILE_COLUMNS = ("path", "line", "text")
LONGEST_LINE = 30_000  # of what a cell holds; a longer line takes several rows
