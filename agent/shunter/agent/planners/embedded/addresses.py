"""Addresses in a text, and the functions that reach out to them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence, Set

from shunter.agent.planners.embedded.cues import Cue
from shunter.agent.planners.embedded.kinds import Kind, is_hook
from shunter.agent.planners.embedded.lexicon import Profile, name_stems, signature_choices
from shunter.agent.planners.embedded.roles import Role, role_of
from shunter.agent.planners.embedded.text import Text
from shunter.agent.planners.embedded.tokens import Token
from shunter.engine import types as t
from shunter.engine.types.signature import Signature

_ACTS, _ACTS_UNSAID = 0.5, 4.0
"""What speaks against a function that acts on the world, or reaches out into it; also if nobody says so."""
_ADDRESSED = 0.5
"""What speaks for fetching what an address is given of, with whatever verb."""
_URGED = 0.8
"""What speaks for acting on an address where the verb for it was said before."""
_OTHER_ENDING = 2.5
"""What speaks against reading data from an address that ends like a file of another kind."""
_RECEIVED = 0.9
"""What speaks for sending to an address that is there to be sent to."""
_SPOKEN_OF = frozenset({"url", "address", "link", "homepag", "avatar"})
"""Words for an address that another call may find."""
_SPEAKING = frozenset({"speech", "model"})
_OF_FILE = re.compile(r"/[^/?#]+\.(?!json|php|aspx?|jsp)[a-z0-9]{2,5}$")
_OF_MODEL = re.compile(r"/v\d+/?$")
_FETCHING = frozenset("from download fetch get curl wget pull load read grab".split())
"""What stands before an address of a hook that something is fetched from all the same."""
_TOWARDS, _GOING = frozenset({"to", "into", "onto"}), frozenset({"going", "switch", "connect"})
_BEGINNING = frozenset(". , ; please and then".split())
"""What stands before an address that gets something, and what before that says that somebody goes there."""


class Addresses:
    """The addresses of one text."""

    def __init__(self, text: Text, cues: Sequence[Cue], profiles: Collection[Profile]) -> None:
        tokens = text.tokens
        self._tokens = tokens
        self._cues = cues
        self._places = [at for at, token in enumerate(tokens) if token.kind is Kind.URL]
        self._endpoints = {at for at in self._places if _is_endpoint(tokens, at)}
        self._receiving = {at for at in self._places if _receives(tokens, at)} - self._endpoints
        self._acting = frozenset().union(
            *(profile.verbs for profile in profiles if profile.signature.effects)
        )
        self._reaching = {
            profile.signature.name
            for profile in profiles
            if profile.signature.hosts or profile.signature.effects
        }
        self._addressing = {
            profile.signature.name for profile in profiles if _needs_address(profile.signature)
        }
        self._spoken_of = any(token.stem in _SPOKEN_OF for token in tokens) or any(
            not _SPOKEN_OF.isdisjoint(name_stems(name)) for name in text.mentions
        )

    def cost(self, profile: Profile, said: Set[str], start: int, end: int) -> float:
        """What speaks against a function that reaches out, where `said` are the stems of a stretch."""
        signature = profile.signature
        if signature.name not in self._reaching:
            return 0.0
        if not any(isinstance(parameter.type, t.Str) for parameter in signature.parameters):
            chosen = self._chooses(signature, start, end) and not said.isdisjoint(profile.name)
            return _ACTS if chosen or said >= _SPEAKING else _ACTS_UNSAID
        addressed = self._is_there(start, end, for_model=_asks_model(signature))
        if not addressed and self._is_there(start, end, for_model=not _asks_model(signature)):
            return _ACTS_UNSAID
        if any(start <= at < end for at in self._receiving):
            cost = -_RECEIVED if signature.effects else _ACTS_UNSAID
        elif not signature.effects and addressed:
            urged = said.isdisjoint(profile.verbs) and self._says_before(self._acting, end)
            cost = _ACTS if urged else -_ADDRESSED
        elif signature.effects and addressed and self._says_before(profile.verbs, start):
            cost = _ACTS - _URGED
        else:
            cost = _ACTS_UNSAID if said.isdisjoint(profile.verbs) else _ACTS
        return cost + _OTHER_ENDING * (isinstance(signature.returns, t.Json) and self._is_of_file(start, end))

    def is_for_later(self, cue: Cue, start: int, end: int) -> bool:
        """Whether a verb is for an address that stands behind the stretch: `send the sums to https://…`."""
        if not self._places or self._places[-1] < end or any(start <= at < end for at in self._places):
            return False
        return any(word in self._acting for word, _ in cue.meanings)

    def lacks(self, signature: Signature, start: int, end: int) -> bool:
        """Whether a function needs an address, and there is none, nor anything said of one."""
        if self._spoken_of or any(start <= at < end for at in self._places):
            return False
        return signature.name in self._addressing

    def _says_before(self, verbs: frozenset[str], start: int) -> bool:
        """Whether one of the verbs stands before a stretch: `send the sums of the table to https://…`."""
        return any(cue.at < start and verbs & {word for word, _ in cue.meanings} for cue in self._cues)

    def _chooses(self, signature: Signature, start: int, end: int) -> bool:
        """Whether one of a function's choices is said: `with the small model`."""
        words = {token.word for token in self._tokens[start:end]}
        return not words.isdisjoint(signature_choices(signature))

    def _is_there(self, start: int, end: int, *, for_model: bool) -> bool:
        return any(start <= at < end and (at in self._endpoints) is for_model for at in self._places)

    def _is_of_file(self, start: int, end: int) -> bool:
        """Whether an address stands there that ends like that of a file, and not of JSON."""
        return any(start <= at < end and _OF_FILE.search(self._tokens[at].text) for at in self._places)


def _needs_address(signature: Signature) -> bool:
    return any(
        parameter.required and isinstance(parameter.type, t.Str) and role_of(parameter) is Role.URL
        for parameter in signature.parameters
    )


def _asks_model(signature: Signature) -> bool:
    return any(parameter.name == "endpoint" for parameter in signature.parameters)


def _receives(tokens: Sequence[Token], at: int) -> bool:
    """Whether an address is there to be sent to: a hook, or one that something goes `to`."""
    before = [token.word for token in tokens[max(0, at - 3) : at]]
    if is_hook(tokens[at].text):
        return _FETCHING.isdisjoint(before)
    goes = before[-2:-1] == ["go"] and (len(before) < 3 or before[0] in _BEGINNING)
    return bool(before) and before[-1] in _TOWARDS and not goes and _GOING.isdisjoint(before)


def _is_endpoint(tokens: Sequence[Token], at: int) -> bool:
    """Whether an address is that of a model: it's said to be, or ends with the version of the interface."""
    before = {token.word for token in tokens[max(0, at - 3) : at]}
    return "endpoint" in before or _OF_MODEL.search(tokens[at].text) is not None
