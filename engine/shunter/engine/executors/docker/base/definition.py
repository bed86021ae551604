"""What the base image holds: Debian's packages, less what only installing them takes.

It is what modules find that name no image: a shell and the usual small programs, Python with its whole
standard library, certificates, and the libraries that wheels expect of any Linux.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from shunter.engine.digest import Digest, digest_json

FORMAT: Final = 1
"""Raised whenever the same definition gives another image."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A base image. `packages` come with all that they depend on; of these, `left_out` aren't unpacked.

    `sources` are lines of apt's sources.list, `keys` the file that has the keys which sign them. Paths below
    `dropped` are left out, too.
    """

    sources: tuple[str, ...]
    keys: str
    packages: tuple[str, ...]
    left_out: tuple[str, ...]
    dropped: tuple[str, ...]

    def identity(self) -> Digest:
        """What tells definitions apart."""
        return digest_json([FORMAT, *([name, getattr(self, name)] for name in _names(self))])


def _names(definition: Definition) -> list[str]:
    return [field.name for field in fields(definition)]


BASE: Final = Definition(
    sources=(
        "http://deb.debian.org/debian bookworm main",
        "http://deb.debian.org/debian bookworm-updates main",
        "http://deb.debian.org/debian-security bookworm-security main",
    ),
    keys="/usr/share/keyrings/debian-archive-keyring.gpg",
    packages=(
        *("base-files", "bash", "coreutils", "curl", "dash", "diffutils", "findutils", "grep", "gzip"),
        *(
            "hostname",
            "libc-bin",
            "debianutils",
            "mawk",
            "procps",
            "sed",
            "tar",
            "util-linux",
            "bzip2",
            "xz-utils",
        ),
        *("ca-certificates", "fontconfig-config", "fonts-dejavu-core", "media-types", "openssl", "tzdata"),
        *("libgomp1", "libstdc++6", "python3", "python3-distutils"),
    ),
    left_out=(
        *("adduser", "apt", "base-passwd", "debconf", "debian-archive-keyring", "dpkg"),
        *("gpgv", "init-system-helpers", "login", "libapt-pkg6.0", "libdebconfclient0"),
        *("libpam-modules", "libpam-modules-bin", "libpam-runtime", "libperl5.36", "libsemanage-common"),
        *("libsemanage2", "passwd", "perl", "perl-base", "perl-modules-5.36", "sysvinit-utils"),
        *(
            "libnumber-compare-perl",
            "libtext-glob-perl",
            "usr-is-merged",
            "usrmerge",
            "util-linux-extra",
            "libfile-find-rule-perl",
        ),
    ),
    dropped=(
        *("boot", "dev", "home", "lib/systemd", "media", "mnt", "opt", "proc", "root", "run", "srv", "sys"),
        *("tmp", "var", "etc/apt", "etc/cron.daily", "etc/init.d", "etc/kernel", "etc/pam.d", "etc/skel"),
        *("etc/systemd", "usr/games", "usr/lib/systemd", "usr/share/bash-completion", "usr/share/bug"),
        *("usr/share/doc", "usr/share/doc-base", "usr/share/info", "usr/share/lintian", "usr/share/locale"),
        *("usr/share/man", "usr/share/menu", "usr/share/pixmaps", "usr/local", "usr/src"),
    ),
)
"""The one that is used."""
