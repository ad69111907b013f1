"""What a worker starts for each run of a quarter or a year: Prefect's engine, and first the process that reads.

``python -m flows.engine``, as the deployments are told (``flows.setting_up``). That process needs seconds to come
up, and so does Prefect: one beside the other, a run waits for the longer. Left to itself, a worker also starts a
process that reads Prefect's own libraries, finds that the code is here already, and begins again as the engine.

Belongs here: that. Does not belong here: which run it is, which the worker says in the environment.
"""

from __future__ import annotations

import runpy

from tasks import warm


def main() -> None:
    """Be the engine of one run."""
    warm.begin()
    runpy.run_module("prefect.engine", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
