"""The sandbox: containers through bubblewrap, on the host's own system folders."""

from shunter.engine.executors.sandbox.executor import SandboxExecutor

__all__ = ["SandboxExecutor"]
