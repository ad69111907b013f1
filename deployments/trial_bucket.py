"""Make the bucket of a trial: ``python -m deployments.trial_bucket``. It keeps versions, and can lock them.

For the SeaweedFS that ``compose.yaml`` starts in its profile ``trial``. A council's own bucket is made by those who
look after its storage, as ``deployments/README.md`` says.

Belongs here: the bucket that ``ASSURE_STORE`` names. Does not belong here: how S3 is spoken (``tasks.store.s3``).
"""

from __future__ import annotations

import sys

from config.errors import AssuranceError
from config.settings import Settings
from tasks.store import S3Store, open_store


def main() -> int:
    """Make it, unless it is there. Gives the exit code."""
    store = open_store(Settings.from_environment().store)
    if not isinstance(store, S3Store):
        sys.stderr.write("ASSURE_STORE names a folder, not a bucket: there is nothing to make.\n")
        return 2
    try:
        store.bucket.make()
    except AssuranceError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
