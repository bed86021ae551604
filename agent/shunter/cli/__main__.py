"""`python -m shunter.cli`: the command without its script."""

import sys

from shunter.cli.main import process

if __name__ == "__main__":
    sys.exit(process())
