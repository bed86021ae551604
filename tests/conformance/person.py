"""Enters a container, with the streams that this process has: EXECUTOR, HOME, WAY, WORK and the command."""

import asyncio
import sys
from pathlib import Path

from tests.conformance.conftest import EXECUTORS
from tests.conformance.steps import step

from shunter.engine.digest import Digest
from shunter.engine.executors.streams import Streams, Way
from shunter.engine.store.local import LocalStore
from shunter.engine.values import Directory

name, home, way, work, *command = sys.argv[1:]
with LocalStore(Path(home)) as store:
    executor = EXECUTORS[name](store)
    folder = Directory(Digest(work)) if work else None
    action = step(*command, variables=[("GREETING", "good day")])
    code = asyncio.run(executor.enter(action, (), work=folder, streams=Streams(Way(way))))
sys.exit(code)
