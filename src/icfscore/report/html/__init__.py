"""The reports as one page that works offline, made from their Markdown."""
