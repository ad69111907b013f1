"""A quarter's run without Prefect: the same work, and the same told, which nobody is shown.

``python -m tests.benchmarks.without_prefect PERIOD INBOX STORE`` does one as a process of its own.
"""

from __future__ import annotations

import sys


def quarter(period: str, inbox: str, store: str) -> None:
    """Everything that the flow of a quarter does, in its order."""
    from flows import next_steps, telling
    from tasks.order import Order
    from tasks.run import Stages

    order = Order("hsscp", period, inbox, store, "2024-07-05")
    gathered = Stages(order).gather()
    verdicts = Stages(order).validate(gathered)
    register = Stages(order).reconcile(gathered, verdicts)
    drafts = Stages(order).assemble(gathered, verdicts, register)
    Stages(order).publish(gathered, verdicts, register, drafts)
    said = telling.checked(order, verdicts), telling.disagrees(order, register)
    next_steps.of(order, telling.Told(telling.came(order, gathered), *said, telling.drafted(order, drafts)))


if __name__ == "__main__":
    from tasks import warm

    warm.up()
    quarter(*sys.argv[1:])
    assert "prefect" not in sys.modules
