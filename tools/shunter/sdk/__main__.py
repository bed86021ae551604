"""The command of every Python step."""

import sys

from shunter.sdk.runner import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
