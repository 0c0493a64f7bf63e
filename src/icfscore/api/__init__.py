"""The package from Python: projects, results and analyses as objects, tables for notebooks."""
