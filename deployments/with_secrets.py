"""Give a command its secrets from files: ``python -m deployments.with_secrets COMMAND WORD...``.

Each file of the folder is one setting: its name is that of the variable (``ASSURE_S3_SECRET_KEY``), what it holds is
the value. The folder is ``CREDENTIALS_DIRECTORY``, as systemd names it, else ``/run/secrets``, where containers have
theirs. So no secret stands in a file of settings, in an image, in a unit or among a command's words.

Belongs here: that, and nothing else. Does not belong here: any secret, and which ones there are
(``deployments/README.md``).
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

_NAME = re.compile(r"(?:ASSURE|PREFECT)_[A-Z0-9_]+")


def secrets_in(folder: Path) -> dict[str, str]:
    """The settings that the files of a folder hold, without the line break at their end; none without a folder."""
    if not folder.is_dir():
        return {}
    return {
        path.name: path.read_text(encoding="utf-8").rstrip("\r\n")
        for path in sorted(folder.iterdir())
        if _NAME.fullmatch(path.name)
    }


def main() -> None:
    """Become the command, with its secrets in its environment."""
    folder = Path(os.environ.get("CREDENTIALS_DIRECTORY") or "/run/secrets")
    try:
        os.environ.update(secrets_in(folder))
    except OSError as error:
        sys.exit(f"A secret cannot be read: {error.strerror}.\n  Where: {error.filename}\n"
                 "  What to do: Let the user of this service read it, and nobody else.")  # fmt: skip
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - the command is the administrator's


if __name__ == "__main__":
    main()
