"""Generated inputs for every file format and command: what comes back is 0, 1 or 2, with words.

`python -m tests.fuzz --help` runs as many as one likes; `test_fuzz.py` runs a few.
"""
