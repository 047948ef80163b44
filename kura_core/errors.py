"""The exceptions the core raises: messages say what was got, what was needed and what to do."""


class KuraError(Exception):
    """Anything Kura can explain to the user; its message is fit to be shown as it stands."""


class InputError(KuraError):
    """The input cannot be used: unreadable, of the wrong form, or without a usable conversation."""


class ConfigError(KuraError):
    """A setting is wrong, or two settings contradict each other."""


class EngineError(KuraError):
    """An engine or embedding model cannot be used at all: no model, no key, no server."""


class ConversationError(KuraError):
    """One conversation failed for good; the run goes on without it."""


class RunCancelled(KuraError):
    """The run was asked to stop; what is finished is kept."""


class BudgetSpent(KuraError):
    """The next call could cost more than the budget has left; what is finished is kept."""


class QueryError(KuraError):
    """A SQL query is wrong, refused, or too much for its limits.

    `sentence` says what and what to do; `excerpt` shows the place in the query, "" where none is
    known. The message is both.
    """

    def __init__(self, sentence: str, excerpt: str = "") -> None:
        super().__init__(f"{sentence}\n\n{excerpt}" if excerpt else sentence)
        self.sentence = sentence
        self.excerpt = excerpt
