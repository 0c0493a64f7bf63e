"""Files that are archives, without the time they were made: the same content, the same bytes."""

from __future__ import annotations

import io
import shutil
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_UNIX = 3


def without_dates(archive: io.BytesIO) -> bytes:
    """Pack an archive anew, every entry of 1980."""
    undated = io.BytesIO()
    with ZipFile(archive) as source, ZipFile(undated, "w") as target:
        for name in source.namelist():
            entry = ZipInfo(name)  # of 1980
            entry.compress_type, entry.create_system = ZIP_DEFLATED, _UNIX
            with source.open(name) as old, target.open(entry, "w") as new:
                shutil.copyfileobj(old, new)
    return undated.getvalue()
