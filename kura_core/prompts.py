"""What a language model is asked, as text the user may change."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

from kura_core.errors import ConfigError

# The variables of each prompt: first what it cannot do without, then what it may also use.
VARIABLES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "summary": (frozenset({"conversation"}), frozenset()),
    "cluster_name": (frozenset({"examples"}), frozenset({"nearby", "keywords", "size"})),
    "theme_name": (frozenset({"clusters"}), frozenset({"examples", "nearby", "keywords", "size"})),
    "outcome": (frozenset({"conversation", "request"}), frozenset()),
    "dissatisfaction": (frozenset({"conversation"}), frozenset()),
    "failure": (frozenset({"conversation", "verdict"}), frozenset({"request"})),
}
# What only judges are asked.
JUDGE_PROMPTS = ("outcome", "dissatisfaction", "failure")
_PARTS = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}")
_ESCAPED = {"{{": "{", "}}": "}"}

SUMMARY = """\
Describe the conversation below for the team that builds the product.

- summary: what the user wanted and what it was about, in at most two sentences. Say what kind of \
thing was asked ("asks why a signed contract cannot be found"), not how the assistant answered.
- request: one sentence that begins "The user's overall request is to".
- task: what the assistant was to do, as a short phrase that begins with a verb.
- topic: the subject, in one to four words.

Write all of it in English, whatever the language of the conversation. Leave out everything that \
could identify a person or a company: no names, addresses, numbers or account details. Be specific \
about the subject and plain in words.

{conversation}"""

CLUSTER_NAME = """\
Below are conversations that were put in one group because they are alike, and others that are \
near but do not belong to it. Name what the conversations of the group share and the others do not.

- name: at most eight words that say what users want there, specific enough to tell this group \
from its neighbours ("Finding signed contracts in search").
- description: one or two sentences about what users of this group ask for.

The group has {size} conversations.

Telling words: {keywords}

Conversations outside the group:
{nearby}

Conversations in the group:
{examples}"""

THEME_NAME = """\
Below are groups of conversations that were put under one theme because they are alike. Name the \
theme so that it covers all of these groups, and no more than them.

- name: at most eight words that say what users want across these groups.
- description: one or two sentences about what users of this theme ask for.

The theme has {size} conversations.

Telling words: {keywords}

Conversations of the nearest other theme:
{nearby}

Conversations of this theme:
{examples}

The groups:
{clusters}"""


OUTCOME = """\
Below are a user's request and the conversation with the assistant. Judge whether the user got \
what was asked for, by the whole conversation and by nothing else.

Look at what the assistant's messages contain, not at how they sound: a friendly answer that does \
not give what was asked for is a failure, and thanks at the end are politeness, not proof. Without \
an answer that shows the outcome, say that you cannot tell. Name the one message your judgement \
rests on and copy its words.

{request}

{conversation}"""

DISSATISFACTION = """\
Below is a conversation. Sort what the user's messages say about the answers, by the kinds that \
are listed above and by no others. Judge the words of the user's messages only; the assistant's \
are there for context and may be shortened.

Take each user message after the first and ask what it does: a new wish, a further detail or a \
thank-you is none of the kinds. Name the message with the strongest sign and copy its words.

{conversation}"""

FAILURE = """\
Below is a conversation that a first reader judged a failure. Try to refute that.

First argue the other side as well as you can: look for the message that did give the user what \
was asked for, wholly and usably, or for what shows that nobody can tell. If you find it, the \
failure does not stand. If you find nothing of the kind, it stands: then say why it came about, \
by the list of causes above, in its order.

{verdict}

{request}

{conversation}"""


class Prompts(BaseModel):
    """The instructions of a run; None stands for the built-in ones.

    A prompt names its variables in braces, {conversation} for instance; {{ and }} are braces that
    stay. Raises ConfigError for a variable that is missing or that nobody fills in.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    summary: str | None = None
    cluster_name: str | None = None
    theme_name: str | None = None
    outcome: str | None = None
    dissatisfaction: str | None = None
    failure: str | None = None

    @field_validator("*")
    @classmethod
    def _declared(cls, text: str | None, info: ValidationInfo) -> str | None:
        if text is not None and info.field_name is not None:
            check_variables(info.field_name, text)
        return text

    def text_of(self, name: str) -> str:
        """Return the prompt of this name: the user's, else the built-in one."""
        own: str | None = getattr(self, name)
        default: str = getattr(DEFAULT_PROMPTS, name)
        return default if own is None else own


def check_variables(name: str, text: str) -> None:
    """Raise ConfigError unless a prompt's variables are those that are filled in."""
    required, optional = VARIABLES[name]
    used = {match[1] for match in _PARTS.finditer(text) if match[1]}
    unknown, missing = sorted(used - required - optional), sorted(required - used)
    known = ", ".join(f"{{{variable}}}" for variable in sorted(required | optional))
    if unknown:
        raise ConfigError(
            f"The prompt {name!r} uses the variable {{{unknown[0]}}}, which nothing fills in. "
            f"It can use {known}; write {{{{{unknown[0]}}}}} for the word in braces itself."
        )
    if missing:
        raise ConfigError(
            f"The prompt {name!r} lacks {{{missing[0]}}}, the place of what it is about. "
            f"Put {{{missing[0]}}} where that belongs; known variables are {known}."
        )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in the places of a prompt's variables; braces inside a value stay as they are."""
    return _PARTS.sub(lambda m: values[m[1]] if m[1] else _ESCAPED[m[0]], text)


DEFAULT_PROMPTS = Prompts(
    summary=SUMMARY,
    cluster_name=CLUSTER_NAME,
    theme_name=THEME_NAME,
    outcome=OUTCOME,
    dissatisfaction=DISSATISFACTION,
    failure=FAILURE,
)
