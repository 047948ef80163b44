"""What became of a side table, in plain sentences."""

from __future__ import annotations

from kura_core.run.side.tables import SideTable


def match_sentences(table: SideTable) -> list[str]:
    """Say what was matched, what was not, and how columns were read; the counts first."""
    return [*_matches(table), *_losses(table), *_readings(table)]


def _matches(table: SideTable) -> list[str]:
    report = table.report
    what = "conversation" if table.kind == "feedback" else "user"
    found = [
        f"{table.name}: {report.matched:,} of {_counted(report.rows, 'row')} "
        f"{_verb(report.matched, 'belong')} to {what}s of this run, matched by “{table.key}”; "
        f"{report.known - report.without_row:,} of {_counted(report.known, what)} have one."
    ]
    if report.unmatched:
        keys = ", ".join(report.unmatched_examples)
        found.append(
            f"{_counted(report.unmatched, 'row')} {_verb(report.unmatched, 'belong')} to no "
            f"{what} of this run, for example: {keys}."
        )
    if report.repeated_keys:
        kept = {
            "last": "the last of them counts",
            "first": "the first of them counts",
            "mean": "their mean counts",
            "any negative": "they count as negative if any is",
        }[table.many]
        has = "has" if report.repeated_keys == 1 else "have"
        found.append(
            f"{_counted(report.repeated_keys, what)} {has} several rows "
            f"({report.repeated_rows:,} in all); {kept}."
        )
    return found


def _losses(table: SideTable) -> list[str]:
    report = table.report
    found = []
    if report.without_key:
        has = "has" if report.without_key == 1 else "have"
        found.append(f"{_counted(report.without_key, 'row')} {has} nothing in “{table.key}”.")
    if report.unreadable:
        found.append(
            f"{_counted(report.unreadable, 'row')} could not be read; the first: {report.problem}."
        )
    for column in table.columns:
        if column.example is not None:
            row, text = column.example
            found.append(
                f"“{column.name}”: {_counted(column.unreadable, 'value')} could not be read as "
                f"{_KIND[column.kind]} and {_verb(column.unreadable, 'count')} as missing; the "
                f"first is “{text}” in row {row}."
            )
    return found


def _readings(table: SideTable) -> list[str]:
    notes = [f"{note[:1].upper()}{note[1:]}." for note in table.report.notes]
    notes += [f"“{column.name}”: {note}." for column in table.columns for note in column.notes]
    return notes


_KIND = {
    "number": "a number",
    "yes/no": "yes or no",
    "date": "a date",
    "category": "a category",
    "text": "text",
}


def _verb(count: int, many: str) -> str:
    return f"{many}s" if count == 1 else many


def _counted(count: int, one: str) -> str:
    return f"{count:,} {one if count == 1 else one + 's'}"
