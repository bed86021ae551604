"""Which model is asked, where, and with which key."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pydantic import SecretStr

OFFICIAL = "https://api.openai.com/v1"
MIN_KEY = 6
"""Keys shorter than this are placeholders ("x", "none"): they aren't searched for in texts."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """An endpoint. `model` of None means that it serves only one, which it is asked for.

    The key prints as stars, here and in everything made from it.
    """

    key: SecretStr | None = None
    base_url: str | None = None
    model: str | None = None

    @property
    def configured(self) -> bool:
        """Whether there is anything to ask: a key, or an endpoint of one's own."""
        return self.key is not None or self.base_url is not None

    @property
    def named(self) -> bool:
        """Whether the model is known, or can be asked for."""
        return self.model is not None or self.base_url is not None

    @property
    def place(self) -> str:
        """The endpoint's host and port: of its URL, what is safe to show."""
        parts = urlsplit(self.base_url or OFFICIAL)
        return parts.netloc.rpartition("@")[2] or "an endpoint without a host"

    def redacted(self, text: str) -> str:
        """`text` without the key and without a password that the URL holds."""
        for secret in self._secrets():
            text = text.replace(secret, "[key]")
        return text

    def _secrets(self) -> list[str]:
        key = self.key.get_secret_value() if self.key else ""
        password = urlsplit(self.base_url).password if self.base_url else None
        found = [secret for secret in (key, password) if secret and len(secret) >= MIN_KEY]
        return sorted(found, key=len, reverse=True)


def settings_from(environment: Mapping[str, str] | None = None, *, model: str | None = None) -> ModelSettings:
    """The settings that the environment gives; `model` goes before SHUNTER_MODEL and OPENAI_MODEL."""
    from pydantic import SecretStr

    given = os.environ if environment is None else environment
    key = given.get("OPENAI_API_KEY", "").strip()
    return ModelSettings(
        key=SecretStr(key) if key else None,
        base_url=given.get("OPENAI_BASE_URL", "").strip() or None,
        model=model
        or given.get("SHUNTER_MODEL", "").strip()
        or given.get("OPENAI_MODEL", "").strip()
        or None,
    )


def configured(environment: Mapping[str, str] | None = None) -> bool:
    """Whether the environment names a model endpoint: a key, or a base URL."""
    return settings_from(environment).configured
