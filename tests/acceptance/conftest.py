"""The command line, in this process and in others."""

from tests.cli.conftest import here as here
from tests.cli.conftest import shunter as shunter
