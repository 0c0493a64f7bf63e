"""Run the command line by ``python -m icfscore``."""

from icfscore.cli.main import main

if __name__ == "__main__":
    main()
