"""What a model must answer: the fields as a schema, and its text made into checked values."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model

from kura_core.config import CONCERN, Facet
from kura_core.engines.facet_fields import facet_line, facet_type, scale
from kura_core.engines.json_text import find_object
from kura_core.engines.languages import language_code
from kura_core.engines.rules.naming import is_taken
from kura_core.types import ClusterName, ConversationSummary

NameKind = Literal["cluster_name", "theme_name"]

LONGEST_NAME = 8
_LONGEST_DESCRIPTION = 600
_GENERIC = frozenset(
    "a all and any assistance conversation conversations different diverse etc for general group "
    "help in inquiries issues misc miscellaneous mixed of on other others queries questions "
    "request requests stuff support tasks theme things topic topics unnamed user users varied "
    "various with".split()
)
# Shown to the model; the columns' meaning must not depend on a prompt that the user edits.
_FIELDS = """\
- summary: text
- request: text
- task: text
- topic: text
- language: ISO 639-1 code of the language the user writes in ("en", "es")
- frustration: how frustrated the user sounds, from 1 (not at all) to 5 (very); 3 is plain annoyance
"""
_SUMMARY_FIELDS = ("summary", "request", "task", "topic", "language", "frustration")


class AnswerError(Exception):
    """An answer that cannot be used; its message tells the model what is wrong with it."""


@dataclass(slots=True, frozen=True)
class Form:
    """The fields an answer must have: for the model in words, for the server as a JSON schema."""

    name: str
    description: str
    schema: dict[str, Any]
    model: type[BaseModel]

    def read(self, text: str, *, lenient: bool) -> dict[str, Any]:
        """Return the values of an answer. Raises AnswerError saying what is wrong with it.

        `lenient` makes a value that does not fit None, where the field may be unknown.
        """
        found = json_object(text, self.schema["properties"])
        try:
            return self.model.model_validate(found).model_dump(by_alias=True)
        except ValidationError as error:
            wrong = {
                str(detail["loc"][0]): detail["msg"].removeprefix("Value error, ")
                for detail in error.errors()
            }
        message = "; ".join(f"{field}: {problem}" for field, problem in wrong.items())
        if not lenient:
            raise AnswerError(message)
        for field in wrong:
            found[field] = None
        try:
            return self.model.model_validate(found).model_dump(by_alias=True)
        except ValidationError as error:
            raise AnswerError(message) from error


@lru_cache(maxsize=16)
def summary_form(facets: tuple[Facet, ...]) -> Form:
    """Return the form of a summary, with the user's own questions at its end."""
    lines = [_FIELDS]
    questions: dict[str, Any] = {}
    for number, facet in enumerate(facets):
        lines.append(facet_line(facet))
        # Under another name: a question may be called "copy" or "json", which pydantic uses.
        questions[f"facet_{number}"] = (facet_type(facet) | None, Field(None, alias=facet.name))
    text = Annotated[str, Field(min_length=1)]
    fields: dict[str, Any] = {
        "summary": (text, ...),
        "request": (str | None, None),
        "task": (str | None, None),
        "topic": (str | None, None),
        "language": (Annotated[str, BeforeValidator(_language)] | None, None),
        "frustration": (scale() | None, None),
        **questions,
    }
    return make_form("summary", "".join(lines), fields)


def read_summary(
    conversation_id: str, values: dict[str, Any], *, truncated: bool
) -> ConversationSummary:
    """Make a summary of checked values; what is blank is unknown, so None."""
    known = {name: _known(value) for name, value in values.items()}
    built_in = {name: known.pop(name) for name in _SUMMARY_FIELDS}
    concern = known.pop(CONCERN, None)
    return ConversationSummary(
        conversation_id, **built_in, concern=concern, truncated=truncated, facets=known
    )


@cache
def name_form(kind: NameKind) -> Form:
    """Return the form of a name and its description."""
    text = Annotated[str, Field(min_length=1)]
    lines = "- name: text, at most eight words\n- description: one or two sentences\n"
    return make_form(kind, lines, {"name": (text, ...), "description": (text, ...)})


def read_name(values: dict[str, Any], taken: Sequence[str]) -> ClusterName:
    """Check a name. Raises AnswerError for one that is too long, says nothing or is taken."""
    name = values["name"].strip().strip("\"'“”").rstrip(".").strip()
    description = values["description"].strip()
    words = name.split()
    if len(words) > LONGEST_NAME:
        raise AnswerError(f"name: {len(words)} words; at most {LONGEST_NAME} are allowed")
    if not set(re.findall(r"\w+", name.lower())) - _GENERIC:
        raise AnswerError(f"name: {name!r} does not say what the conversations are about")
    if len(description) > _LONGEST_DESCRIPTION:
        raise AnswerError("description: too long; one or two sentences are needed")
    if is_taken(name, taken):
        raise AnswerError(f"name: {name!r} is taken, or nearly so, by another group")
    return ClusterName(name, description)


def json_object(text: str, fields: Collection[str] = ()) -> dict[str, Any]:
    """Return the JSON object that an answer is or holds. Raises AnswerError when there is none."""
    try:
        return find_object(text, fields)
    except ValueError as error:
        raise AnswerError(str(error)) from error


def make_form(name: str, description: str, fields: dict[str, Any]) -> Form:
    """Make a form of fields as pydantic's `create_model` takes them."""
    config = ConfigDict(
        extra="ignore",
        str_strip_whitespace=True,
        json_schema_extra=_strict,
        protected_namespaces=(),
    )
    model = create_model(name, __config__=config, **fields)
    return Form(name, description, model.model_json_schema(), model)


def _strict(schema: dict[str, Any]) -> None:
    """Make a schema one that strict servers take: closed, without words they refuse."""
    schema["additionalProperties"] = False
    schema["required"] = list(schema["properties"])
    for name, field in schema["properties"].items():
        for word in ("title", "minLength", "default"):
            field.pop(word, None)
        # A model can always write these, and servers allow only so many fields of two types.
        if name in _SUMMARY_FIELDS and "anyOf" in field:
            field.update(field.pop("anyOf")[0])


def _language(value: Any) -> Any:
    code = language_code(value) if isinstance(value, str) else None
    if value is not None and code is None:
        raise ValueError("an ISO 639-1 code is needed")
    return code


def _known(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, list):
        return list(dict.fromkeys(item.strip() for item in value if item.strip())) or None
    return value
