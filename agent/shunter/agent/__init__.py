"""shunter from Python: check a plan, run it, call a function.

from shunter.agent import Workspace

with Workspace() as workspace:
    plan = workspace.load("talk.yaml")
    inputs = workspace.inputs(plan, recording="talk.wav", question="Who founded Dagger?")
    run = workspace.run(plan, inputs)
    run.save(Path("out"))
"""

from shunter.agent.run import Run
from shunter.agent.workspace import Workspace
from shunter.engine.values import Secret

__all__ = ["Run", "Secret", "Workspace"]
