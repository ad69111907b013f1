"""Print what comes of every worked check: ``python -m tests.worked``."""

from __future__ import annotations

from collections import Counter

from tests.worked.summary import outcomes


def main() -> None:
    """Print a line a check, then the totals."""
    found = outcomes()
    for row, (outcome, told) in found:
        print(f"{row['id']:7} {row['expected']:5} {outcome:13} {row['subject']}: {told}")
        if row["note"]:
            print(f"{'':27} Note: {row['note']}")
    totals = Counter(outcome for _, (outcome, _) in found)
    print(f"\n{len(found)} checks: " + ", ".join(f"{number} {outcome}" for outcome, number in totals.most_common()))
    for group in dict.fromkeys(row["group"] for row, _ in found):
        of_group = Counter(outcome for row, (outcome, _) in found if row["group"] == group)
        print(f"  {group}: " + ", ".join(f"{number} {outcome}" for outcome, number in of_group.most_common()))


if __name__ == "__main__":
    main()
