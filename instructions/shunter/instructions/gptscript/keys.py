"""The keys of GPTScript: how they are spelt, and which of them a pipeline has no use for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name",),
    "description": ("description",),
    "tools": ("tools", "tool"),
    "arguments": ("args", "arg", "params", "param", "parameters", "parameter"),
    "stdin": ("stdin",),
    "metadata": ("metadata",),
    "cache": ("cache",),
    "model": ("model", "modelname"),
    "temperature": ("temperature",),
    "max tokens": ("maxtokens", "maxtoken"),
    "internal prompt": ("internalprompt",),
    "json response": ("jsonresponse", "jsonmode", "json", "jsonoutput", "jsonformat"),
    "chat": ("chat",),
    "type": ("type",),
    "context": ("context",),
    "credentials": ("credentials", "credential", "creds", "cred"),
    "agents": ("agents", "agent"),
    "global tools": ("globaltools", "globaltool"),
    "global model": ("globalmodel", "globalmodelname"),
    "model provider": ("modelprovider",),
    "share tools": (
        *("sharetools", "sharetool", "sharedtools", "sharedtool"),
        *("export", "exports", "exporttools", "exporttool"),
    ),
    "share context": (
        *("sharecontext", "sharecontexts", "sharedcontext", "sharedcontexts"),
        *("exportcontext", "exportcontexts"),
    ),
    "share credentials": (
        *("sharecredentials", "sharecredential", "sharecreds", "sharecred", "sharedcredentials"),
        "sharedcredential",
    ),
    "input filters": ("inputfilters", "inputfilter"),
    "output filters": ("outputfilters", "outputfilter"),
    "share input filters": (
        "shareinputfilters",
        "shareinputfilter",
        "sharedinputfilter",
        "sharedinputfilters",
    ),
    "share output filters": (
        *("shareoutputfilters", "shareoutputfilter", "sharedoutputfilter", "sharedoutputfilters"),
    ),
}
"""Every key that the parser knows, without blanks and in lower case, by what it is called here."""

REFUSED: Final[Mapping[str, tuple[str, str]]] = {
    "chat": (
        "chat",
        "a pipeline runs once and doesn't converse: leave it out, and give what it needs as Args",
    ),
    "context": ("context", "a tool that prints a context is run unasked: write its words into the goal"),
    "credentials": (
        "credentials",
        "name a secret as an argument: Args: token: …, and Metadata: token: Secret",
    ),
    "agents": (
        "agents",
        "there is one planner: write the agent's words into the goal, and its tools under Tools",
    ),
    "globalTools": ("global tools", "name the tools under the first tool's Tools"),
    "export": ("share tools", "name the tools where they are used: Tools: NAME from ./FILE.gpt"),
    "exportContext": ("share context", "write the words into the goal"),
    "exportCredentials": (
        "share credentials",
        "name a secret as an argument: Metadata: token: Secret",
    ),
    "inputFilters": ("input filters", "make the filter a tool, and ask for it in the goal"),
    "exportInputFilters": ("share input filters", "make the filter a tool, and ask for it in the goal"),
    "outputFilters": ("output filters", "make the filter a tool, and ask for it in the goal"),
    "exportOutputFilters": ("share output filters", "make the filter a tool, and ask for it in the goal"),
    "modelProvider": ("model provider", "OPENAI_BASE_URL names the endpoint that plans"),
    "type": ("type", "only plain tools are read: write a context, provider or credential tool as a #! tool"),
}
"""By the parser's name for it: the key, and what to do instead."""

UNUSED: Final[Mapping[str, tuple[str, str]]] = {
    "modelName": ("model", "--model names the model that plans"),
    "globalModelName": ("global model", "--model names the model that plans"),
    "temperature": ("temperature", "it has no effect here"),
    "maxTokens": ("max tokens", "it has no effect here"),
    "jsonResponse": ("json response", "the functions' types say what comes out"),
    "internalPrompt": ("internal prompt", "it has no effect here"),
}
"""What changes no result here: it is noted, and left out."""

_BY_SPELLING: Final = {spelling: key for key, spellings in SPELLINGS.items() for spelling in spellings}


def key_of(written: str) -> str | None:
    """The key that `written` spells; None where the parser knows none."""
    return _BY_SPELLING.get("".join(written.lower().split()))


def close_key(written: str) -> str | None:
    """The key that `written` may have been meant to be."""
    from difflib import get_close_matches

    close = get_close_matches("".join(written.lower().split()), _BY_SPELLING, n=1, cutoff=0.7)
    return close[0] if close else None
