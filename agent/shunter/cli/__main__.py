"""`python -m shunter.cli`: the command without its script."""

import sys

from shunter.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
