"""Many wordings of one missing thing are one gap."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kura_core.steps.gaps.wordings import group_gaps, read_gap


@pytest.mark.parametrize(
    "texts",
    [
        ("signed contracts", "the signed contract with Oakhurst Fyne", "signed copies of contracts",
         "Access to signed contracts", "executed agreements", "countersigned NDA"),
        ("send e-mail", "email it", "send emails", "Ability to send emails",
         "email sending capability", "Outlook integration", "send invoices by mail"),
        ("book meetings", "Schedule a meeting", "calendar integration",
         "integration with the calendar to book meetings", "add events to the calendar"),
        ("modification dates", "document modification dates", "last-modified timestamps",
         "Last modified date of documents", "edit history", "modification metadata"),
        ("delete files", "remove the file", "Delete file"),
        ("API status information", "api status"),
    ],
)  # fmt: skip
def test_wordings_of_one_thing_read_alike(texts: tuple[str, ...]) -> None:
    assert len({read_gap(text).keys for text in texts}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("signed contracts", "draft contracts"),
        ("send e-mail", "e-mails from March"),
        ("book meetings", "meeting minutes"),
        ("delete files", "rename files"),
        ("owners", "modification dates"),
    ],
)
def test_different_things_read_differently(one: str, other: str) -> None:
    assert read_gap(one).keys != read_gap(other).keys


def test_a_gap_is_named_by_its_usual_short_wording() -> None:
    groups = group_gaps({
        ("the signed contract with Oakhurst", "a"): 1,
        ("signed contracts", "a"): 3,
        ("Signed copies of the contracts", "a"): 2,
    })  # fmt: skip
    assert [group.name for group in groups] == ["signed contracts"]
    assert sum(count for _, count in groups[0].wordings) == 6


def test_free_wordings_that_differ_each_time_are_one_row() -> None:
    texts = [f"Signed contract with Company{letter}" for letter in "ABCDEFG"]
    groups = group_gaps({(text, "a"): 1 for text in texts})
    assert len(groups) == 1
    assert sum(count for _, count in groups[0].wordings) == 7


def test_a_vaguer_wording_joins_the_gap_it_is_at_home_with() -> None:
    counts = {("signed contracts", "a"): 40, ("contracts", "a"): 20, ("contracts", "z"): 1}
    assert len(group_gaps(counts)) == 1


def test_a_rare_wording_joins_the_gap_that_rules_its_cluster() -> None:
    groups = group_gaps({("signed contracts", "a"): 20, ("wet-ink originals", "a"): 1})
    assert [group.name for group in groups] == ["signed contracts"]


def test_frequent_neighbours_stay_apart() -> None:
    groups = group_gaps({("signed contracts", "a"): 30, ("draft contracts", "a"): 25})
    assert [group.name for group in groups] == ["signed contracts", "draft contracts"]


def test_a_rare_gap_elsewhere_is_a_small_row() -> None:
    groups = group_gaps({("signed contracts", "a"): 30, ("rename files", "b"): 1})
    assert [group.name for group in groups] == ["signed contracts", "rename files"]


def test_nothing_missing_is_no_gap() -> None:
    assert group_gaps({}) == []


@pytest.mark.parametrize("text", ["?", "the", "of", "42", "Ünïcode ♥", "a" * 5_000])
def test_odd_wordings_are_gaps_of_their_own(text: str) -> None:
    assert len(group_gaps({(text, "a"): 3})) == 1


def test_many_distinct_wordings_are_grouped_quickly() -> None:
    counts = {(f"lost item{n} reports of kind{n % 700}", f"c{n % 90}"): 1 for n in range(10_000)}
    assert group_gaps(counts)


def test_groups_are_the_same_in_every_process() -> None:
    code = (
        "from kura_core.steps.gaps.wordings import group_gaps as g;"
        "print([(x.name, x.wordings) for x in g({(f'{a} {b}', f'c{i % 3}'): 1 + i % 4 for i, (a, b)"
        " in enumerate((a, b) for a in ('signed', 'old', 'paid', 'new') for b in ('bills', 'plans',"
        " 'contracts', 'letters'))})])"
    )
    ran = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert ran[0] == ran[1] != ""
