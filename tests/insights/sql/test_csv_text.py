import pandas as pd

from kura_core.insights.sql.csv_text import csv_text


def test_a_spreadsheet_gets_no_formula_and_numbers_stay_numbers() -> None:
    frame = pd.DataFrame(
        {"=name": ["=1+1", "+a", "-b", "@c", "\td", "plain", None], "n": [-1.5, 2, 3, 4, 5, 6, 7]}
    )
    lines = csv_text(frame, for_spreadsheet=True).splitlines()

    assert lines[0] == "'=name,n"
    assert lines[1:6] == ["'=1+1,-1.5", "'+a,2.0", "'-b,3.0", "'@c,4.0", "'\td,5.0"]
    assert lines[6:] == ["plain,6.0", ",7.0"]
    assert list(frame) == ["=name", "n"]


def test_for_programs_everything_is_as_it_is() -> None:
    frame = pd.DataFrame({"a": ["=1+1"], "day": pd.to_datetime(["2026-01-05"])})

    assert csv_text(frame, for_spreadsheet=False) == "a,day\n=1+1,2026-01-05\n"
