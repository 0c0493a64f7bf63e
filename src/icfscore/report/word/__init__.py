"""The ranking report as a document that people edit, made from its Markdown."""
