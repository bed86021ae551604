"""The network, as far as it decides what becomes of an action."""

from __future__ import annotations

from collections.abc import Iterable

from shunter.engine.actions.failure import Failure, FailureKind
from shunter.engine.actions.model import Action, CachePolicy
from shunter.engine.egress.host import covers
from shunter.engine.egress.record import Asked, Verdict
from shunter.engine.executors.protocol import Ending, Execution

_SHOWN = 5


def not_allowed(action: Action, hosts: Iterable[str]) -> Failure | None:
    """The failure of an action that would reach more than `hosts`; None where it may run."""
    known = tuple(hosts)
    beyond = hosts_beyond(action, known)
    if not beyond:
        return None
    return Failure(
        FailureKind.REFUSED_HOST,
        f"{action.label} wants to reach {', '.join(beyond)}; allowed: {', '.join(known) or 'no host'}",
        hint=f"`{' '.join(f'--allow host:{host}' for host in beyond)}` allows it",
    )


def hosts_beyond(action: Action, hosts: Iterable[str]) -> list[str]:
    """The hosts that `action` may reach, by itself or by what it calls, and that none of `hosts` covers."""
    known = tuple(hosts)
    return [host for host in action.reach if not any(covers(own, host) for own in known)]


def missed_a_host(action: Action, execution: Execution) -> bool:
    """Whether the command failed for want of a host that may be there the next time, and may be run again.

    What acts on the outside world isn't run twice: a part of it may have been done.
    """
    cause = network_cause(action, execution) if _has_failed(execution) else None
    passing = any(asked.verdict is Verdict.UNREACHABLE for asked in execution.asked)
    again = action.cache is not CachePolicy.NEVER
    return again and passing and cause is not None and cause[0] is FailureKind.UNREACHABLE


def network_cause(action: Action, execution: Execution) -> tuple[FailureKind, str, str | None] | None:
    """What a failed command missed of the network: kind, message and hint. That is taken to be the reason."""
    refused = _those(execution.asked, Verdict.REFUSED)
    if refused:
        own = ", ".join(action.hosts)
        message = f"{action.label} asked for {_named(refused)}; it may reach {own} and nothing else"
        return FailureKind.REFUSED_HOST, message, _mending(action, refused)
    missing = _those(execution.asked, Verdict.UNREACHABLE, Verdict.UNKNOWN)
    if missing:
        return FailureKind.UNREACHABLE, f"{action.label} couldn't reach {_named(missing)}", None
    return None


def _has_failed(execution: Execution) -> bool:
    return execution.ending is Ending.EXITED and execution.exit_code != 0


def _those(asked: Iterable[Asked], *verdicts: Verdict) -> list[Asked]:
    return [one for one in asked if one.verdict in verdicts]


def _named(asked: list[Asked]) -> str:
    shown = [f"{one.host} ({one.reason})" for one in asked[:_SHOWN]]
    return ", ".join([*shown, f"{len(asked) - _SHOWN} more"] if len(asked) > _SHOWN else shown)


def _mending(action: Action, refused: list[Asked]) -> str:
    undeclared = [one.host for one in refused if not any(covers(own, one.host) for own in action.hosts)]
    if not undeclared:
        return (
            "a name may lead to public addresses only: where a private one is meant, give the address itself"
        )
    hosts = ", ".join(dict.fromkeys(undeclared[:_SHOWN]))
    return (
        f"to reach {hosts}, declare it in the function's `hosts`, or name it in an argument that names hosts"
    )
