"""The built-in sample: where its files lie. `generate` makes them, `data` and `run` hold them."""

from importlib.resources import files
from pathlib import Path


def conversations_path() -> Path:
    """The 1 200 conversations in normal form, as gzipped JSONL."""
    return _inside("data", "conversations.jsonl.gz")


def feedback_path() -> Path:
    """The ratings: conversation_id, thumbs_up (0 or 1), comment, created_at, as CSV."""
    return _inside("data", "user_feedback.csv")


def users_path() -> Path:
    """The users: user_id, plan, signup_date, revenue_impact (US dollars a year), as CSV."""
    return _inside("data", "user_metadata.csv")


def finished_run() -> Path:
    """The folder of the finished run of the sample, in the form of any run."""
    return _inside("run")


def _inside(*parts: str) -> Path:
    return Path(str(files("kura_core.sample"))).joinpath(*parts)
