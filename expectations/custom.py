"""Which expectations does Great Expectations lack? How far two values lie apart, and how a table has grown or shrunk.

Belongs here: expectations of our own, in Great Expectations' terms, for pandas.
Does not belong here: which of them a suite may use, and with what (``expectations.suite``), and running suites
(``tasks.validate``). Imported only where suites are run: it brings Great Expectations with it.

No argument has a default, and no class says how severe it is: what a class sets by default is left out of the results,
and a severity that a class sets is taken for another.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation, ColumnPairMapExpectation
from great_expectations.expectations.metrics.map_metric_provider.column_pair_condition_partial import (
    column_pair_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.column_pair_map_metric_provider import (
    ColumnPairMapMetricProvider,
)

_CLOSE = 1e-9
"""What two sums of the same numbers may differ by, because a computer's fractions are not exact."""


class PairNear(ColumnPairMapMetricProvider):
    """Row by row: do A and B lie no further apart than a share of B?"""

    condition_metric_name = "column_pair_values.near"
    condition_domain_keys = (
        "batch_id",
        "table",
        "column_A",
        "column_B",
        "row_condition",
        "condition_parser",
        "ignore_row_if",
    )
    condition_value_keys = ("share",)

    @column_pair_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_A: pd.Series, column_B: pd.Series, share: float, **_: object) -> pd.Series:  # noqa: N803, N805
        return (column_A - column_B).abs() <= share * column_B.abs() + _CLOSE


class ExpectColumnPairValuesToBeNear(ColumnPairMapExpectation):
    """Expect A to lie within a share of B: within 0.25 of 200 lies what is between 150 and 250."""

    share: float
    ignore_row_if: str

    map_metric = "column_pair_values.near"
    success_keys = ("column_A", "column_B", "share", "ignore_row_if", "mostly")
    args_keys = ("column_A", "column_B", "share")


class ExpectTableRowCountToBeInProportion(BatchExpectation):
    """Expect a table to have between ``smallest`` and ``largest`` times as many rows as another had."""

    to: int
    smallest: float
    largest: float

    metric_dependencies = ("table.row_count",)
    domain_keys = ("row_condition", "condition_parser")
    success_keys = ("to", "smallest", "largest")
    args_keys = ("to", "smallest", "largest")

    def _validate(
        self, metrics: dict[str, Any], runtime_configuration: dict[str, Any] | None = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        rows = metrics["table.row_count"]
        within = self.smallest * self.to <= rows <= self.largest * self.to
        return {"success": within, "result": {"observed_value": rows}}
