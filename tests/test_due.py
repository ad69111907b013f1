"""A source is due on a working day."""

from datetime import date

import pytest

from config.load import load_partnership
from config.periods import Quarter, ReportingYear, Return
from tasks.due import due_on

SOURCE = load_partnership("hsscp").sources["return-training"]


@pytest.mark.parametrize(
    ("days", "period", "due"),
    [
        pytest.param(20, Quarter(2023, 1), date(2023, 7, 20), id="a working day stays"),
        pytest.param(20, Quarter(2023, 3), date(2024, 1, 22), id="a Saturday becomes Monday"),
        pytest.param(21, Quarter(2023, 3), date(2024, 1, 22), id="a Sunday becomes Monday"),
        pytest.param(1, Quarter(2023, 3), date(2024, 1, 2), id="New Year's Day becomes the day after"),
        pytest.param(18, Quarter(2024, 4), date(2025, 4, 22), id="Good Friday becomes the Tuesday after Easter"),
        pytest.param(86, Quarter(2027, 2), date(2027, 12, 29), id="Christmas on a Saturday has substitute days"),
        pytest.param(1, ReportingYear(2023), date(2024, 4, 2), id="Easter Monday after the year's end"),
        pytest.param(0, Quarter(2023, 3), date(2024, 1, 2), id="due at once, on a Sunday before a bank holiday"),
    ],
)
def test_a_due_day_is_a_working_day_in_england(days: int, period: Return, due: date) -> None:
    assert due_on(SOURCE.model_copy(update={"due_days": days}), period) == due
