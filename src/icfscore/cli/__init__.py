"""The command line: one file a command. Commands import what they need when they run."""
