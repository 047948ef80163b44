"""Every setting a run has, in the app, in --config files and behind the command line's flags."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from kura_core.prompts import Prompts

BUNDLED_EMBEDDING = "all-MiniLM-L6-v2"
# Settings that change no result, only when it is there and what it may cost.
PACE_AND_MONEY = frozenset(
    "concurrency requests_per_minute tokens_per_minute budget price name_price".split()
)
# What a column of the user's own file can be said to hold.
ColumnField = Literal[
    "conversation_id",
    "created_at",
    "user_id",
    "messages",
    "role",
    "text",
    "prompt",
    "response",
]
RESERVED_FACETS = frozenset(
    "conversation_id user_id created_at turns summary request task topic language frustration "
    "concern truncated cluster_id x y outcome outcome_message outcome_quote failure_score "
    "dissatisfaction dissatisfaction_message dissatisfaction_quote cause gap_kind missing "
    "quadrant".split()
)


# What every summary has, and conversations can be grouped by.
GROUPED_BY = ("summary", "request", "task", "topic")
# The one facet that has a column of its own: everybody's concern must mean the same.
CONCERN = "concern"


class Facet(BaseModel):
    """One thing asked about every conversation; its answers become the column `column`.

    `options` are the choices of "one of"; `low` and `high` bound a number, both inclusive.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    question: str
    type: Literal["text", "number", "yes/no", "one of", "list"] = "text"
    options: tuple[str, ...] = ()
    low: float | None = Field(default=None, allow_inf_nan=False)
    high: float | None = Field(default=None, allow_inf_nan=False)

    @property
    def column(self) -> str:
        """The column of the answers in the tables."""
        return CONCERN if self.name == CONCERN else f"facet_{self.name}"

    @field_validator("name")
    @classmethod
    def _column_name(cls, name: str) -> str:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
            raise ValueError(
                f"facet name {name!r} must be 1–40 lower-case letters, digits or underscores, "
                "starting with a letter"
            )
        if name in RESERVED_FACETS - {CONCERN}:
            raise ValueError(f"facet name {name!r} is already a column; choose another name")
        return name

    @model_validator(mode="after")
    def _answerable(self) -> Facet:
        if self.type != "number" and (self.low is not None or self.high is not None):
            raise ValueError(
                f"facet {self.name!r} has bounds, which only a number has; its type is "
                f"{self.type!r}"
            )
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(
                f"facet {self.name!r} goes from {self.low:g} to {self.high:g}; the first must be "
                "the smaller"
            )
        if self.type == "one of" and len(self.options) < 2:
            raise ValueError(f"facet {self.name!r} is one of at least two options; name them")
        if self.name == CONCERN and (self.type, self.low, self.high) != ("number", 1, 5):
            raise ValueError(
                f"facet {CONCERN!r} is a number from 1 to 5; choose another name for another scale"
            )
        return self


class RunConfig(BaseModel):
    """The settings of one run. Two runs with equal input, settings and seed give equal tables."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    engine: Literal["offline", "openai", "anthropic"] = "offline"
    model: str | None = None
    # A stronger model for the few names and themes; None: the one that reads conversations.
    name_model: str | None = None
    base_url: str | None = None
    embedding_model: str = BUNDLED_EMBEDDING
    clustering: Literal["kmeans", "minibatch", "hdbscan"] = "kmeans"
    clusters: int | None = Field(default=None, ge=1)
    per_cluster: int | None = Field(default=None, ge=1)
    max_top: int = Field(default=10, ge=1)
    seed: int = Field(default=0, ge=0, le=2**32 - 1)
    redact: Literal["off", "standard", "strict"] = "standard"
    limit: int | None = Field(default=None, ge=1)
    concurrency: int = Field(default=20, ge=1, le=1000)
    facets: tuple[Facet, ...] = ()
    # The text that is embedded and grouped: one of GROUPED_BY, or the name of a text facet.
    cluster_by: str = "summary"
    # The name of a yes/no facet that is asked first; conversations answered "no" are left out.
    screen: str | None = None
    prompts: Prompts = Prompts()
    columns: dict[ColumnField, str] = Field(default_factory=dict)
    # Dollars per million tokens read and written, where the list of prices has no such model.
    price: tuple[float, float] | None = None
    name_price: tuple[float, float] | None = None
    # Dollars that a run may cost; no call leaves that could cost more.
    budget: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    requests_per_minute: int | None = Field(default=None, ge=1)
    tokens_per_minute: int | None = Field(default=None, ge=1)
    # Who judges outcome, dissatisfaction and cause: rules cost nothing, the engine asks 2 or 3
    # questions more a conversation.
    judges: Literal["rules", "engine", "off"] = "rules"

    @field_validator("price", "name_price")
    @classmethod
    def _no_negative_price(cls, price: tuple[float, float] | None) -> tuple[float, float] | None:
        if price is not None and not all(0 <= part < float("inf") for part in price):
            raise ValueError("a price is two numbers of dollars, none below zero")
        return price

    @model_validator(mode="after")
    def _one_size(self) -> RunConfig:
        if self.clusters is not None and self.per_cluster is not None:
            raise ValueError(
                "got both a number of clusters and a size per cluster; set one of the two"
            )
        names = [facet.name for facet in self.facets]
        if len(names) != len(set(names)):
            raise ValueError("two facets have the same name; rename one of them")
        return self

    @model_validator(mode="after")
    def _facets_that_are_there(self) -> RunConfig:
        types = {facet.name: facet.type for facet in self.facets}
        if self.cluster_by not in GROUPED_BY and types.get(self.cluster_by) != "text":
            texts = [*GROUPED_BY, *(name for name, kind in types.items() if kind == "text")]
            raise ValueError(
                f"conversations cannot be grouped by {self.cluster_by!r}; choose one of "
                f"{', '.join(texts)}"
            )
        if self.screen is not None and types.get(self.screen) != "yes/no":
            raise ValueError(
                f"the screen {self.screen!r} is no facet of type yes/no; add one of that name, or "
                "leave the screen out"
            )
        if self.engine == "offline" and (self.screen or self.cluster_by not in GROUPED_BY):
            raise ValueError(
                "questions of your own need a language model: choose an engine, or group by one of "
                f"{', '.join(GROUPED_BY)} without a screen"
            )
        return self

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, as written to the manifest and accepted by --config."""
        return self.model_dump(mode="json")

    def deciding(self) -> dict[str, Any]:
        """The settings that results depend on: neither how fast they are made nor what for."""
        return self.model_dump(mode="json", exclude=set(PACE_AND_MONEY))
