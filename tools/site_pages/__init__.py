"""Pages of the documentation that are made from the code, so that they cannot fall behind it."""

from __future__ import annotations

from tools.site_pages.commands import command_pages
from tools.site_pages.decisions import decisions_in_code
from tools.site_pages.files import file_pages
from tools.site_pages.methods import method_reference
from tools.site_pages.pedigree import pedigree_table
from tools.site_pages.python_api import python_page
from tools.site_pages.records import record_pages

__all__ = ["decisions_in_code", "pedigree_table", "reference_pages"]


def reference_pages() -> dict[str, str]:
    """Write every page of the reference: Markdown by path in the site, in the order of reading."""
    pages = command_pages() | method_reference() | file_pages() | record_pages()
    return pages | {"reference/python.md": python_page()}
