"""Which files of an archive or folder are read, by their names."""

from __future__ import annotations

import pytest

from kura_core.errors import InputError
from kura_core.load.files.members import choose_members


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        (["b.jsonl", "a.csv", "a/z.tsv.gz"], ["a.csv", "a/z.tsv.gz", "b.jsonl"]),
        (["A.JSONL", "b.Parquet", "c.png"], ["A.JSONL", "b.Parquet"]),
        (["__MACOSX/a.json", ".DS_Store", ".git/b.json", "c.json"], ["c.json"]),
        (["conversations.json", "user.json", "projects/p.json"], ["conversations.json"]),
        (["x/conversations.json", "x/chat.json", "y.json"], ["x/conversations.json", "y.json"]),
        (["conversations-1.json", "conversations-0.json"],
         ["conversations-0.json", "conversations-1.json"]),
        (["conversations.jsonl", "summaries.jsonl", "more.jsonl"],
         ["conversations.jsonl", "more.jsonl"]),
        (["chat.txt", "picture.png"], ["chat.txt"]),
        (["chat.txt", "rows.csv"], ["rows.csv"]),
    ],
)  # fmt: skip
def test_the_files_that_may_hold_conversations_are_taken(
    names: list[str], taken: list[str]
) -> None:
    for order in (names, names[::-1]):
        members = choose_members(order, "logs.zip")
        assert members.taken == taken
        assert not set(members.taken) & set(members.left_out)


def test_what_is_left_out_has_its_reason_and_archives_are_kept_apart() -> None:
    members = choose_members(["a.jsonl", "b.html", "users.json", "c.zip"], "logs.zip")
    assert members.left_out["b.html"].startswith("not read: it is not JSONL")
    assert members.left_out["users.json"] == "not read: it holds no conversations"
    assert members.nested == ["c.zip"]


def test_when_nothing_is_left_the_files_found_are_named() -> None:
    with pytest.raises(InputError, match=r"found: 'a.png', 'users.json'"):
        choose_members(["a.png", "users.json"], "logs.zip")
    with pytest.raises(InputError, match="holds no file; give one"):
        choose_members([".hidden"], "logs.zip")
