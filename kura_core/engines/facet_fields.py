"""What the answer to a user's own question must be: in words for the model, as a checked type."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from kura_core.config import CONCERN, Facet


def facet_line(facet: Facet) -> str:
    """The line of a form that asks for a facet: one line, whatever its question holds."""
    question = " ".join(facet.question.split())
    return (
        f"- {facet.name}: {_kind_of(facet)}, or null where the conversation does not tell. "
        f"{question}\n"
    )


def facet_type(facet: Facet) -> Any:
    """The type of an answer that is no null, as pydantic takes it.

    Bounds and options are checked here and not by the schema alone: servers without schemas keep
    neither, and strict ones refuse a schema with bounds.
    """
    if facet.name == CONCERN:
        return scale()
    if facet.type == "number":
        number = Field(allow_inf_nan=False)
        return Annotated[float, BeforeValidator(_no_flag), number, AfterValidator(_within(facet))]
    if facet.type == "yes/no":
        return bool
    if facet.type == "list":
        return list[_option(facet) if facet.options else str]  # type: ignore[misc]
    return _option(facet) if facet.type == "one of" and facet.options else str


def scale() -> Any:
    """The type of a whole number from 1 to 5."""
    return Annotated[Literal[1, 2, 3, 4, 5], BeforeValidator(_no_flag), BeforeValidator(whole)]


def whole(value: Any) -> Any:
    """Take "3" and 3.0 for 3: servers without schemas write numbers as they like."""
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _kind_of(facet: Facet) -> str:
    options = ", ".join(_quoted(option) for option in facet.options)
    if facet.name == CONCERN:
        return "a whole number from 1 to 5"
    if facet.type == "number":
        return f"a number{_bounds(facet)}"
    if facet.type == "yes/no":
        return "true or false"
    if facet.type == "list":
        return f"a list of any of {options}" if options else "a list of at most 10 short texts"
    return f"one of {options}" if facet.type == "one of" and options else "a short text"


def _bounds(facet: Facet) -> str:
    low, high = (None if end is None else f"{end:.15g}" for end in (facet.low, facet.high))
    if low is not None and high is not None:
        return f" from {low} to {high}"
    if low is not None:
        return f" of at least {low}"
    return "" if high is None else f" of at most {high}"


def _within(facet: Facet) -> Callable[[float], float]:
    low = -math.inf if facet.low is None else facet.low
    high = math.inf if facet.high is None else facet.high

    def checked(value: float) -> float:
        if not low <= value <= high:
            raise ValueError(f"got {value:.15g}; a number{_bounds(facet)} is needed")
        return value

    return checked


def _option(facet: Facet) -> Any:
    """The type of one of a facet's options, also where it is written in other case or spaces."""
    options = {_folded(option): option for option in reversed(facet.options)}
    needed = ", ".join(_quoted(option) for option in facet.options)

    def chosen(value: str) -> str:
        option = options.get(_folded(value))
        if option is None:
            # What was got may be a user's words, which belong between marks only.
            raise ValueError(f"one of {needed} is needed")
        return option

    schema = {"type": "string", "enum": [_plain(option) for option in facet.options]}
    return Annotated[str, AfterValidator(chosen), WithJsonSchema(schema)]


def _no_flag(value: Any) -> Any:
    """Refuse true and false, which Python takes for 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("a number is needed")
    return value


def _plain(option: str) -> str:
    return " ".join(option.split())


def _folded(option: str) -> str:
    return _plain(option).casefold()


def _quoted(option: str) -> str:
    """An option as JSON on one line, as a model has to write it."""
    return json.dumps(_plain(option), ensure_ascii=False)
