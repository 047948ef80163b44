"""A sentence-transformers model in a process of its own, so that calls in this one do not wait.

Loading one holds Python's lock for seconds, and embedding takes all processors there are: the
process has a lower priority. It ends with its standard input, so never outlives who started it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from kura_core.errors import EngineError
from kura_core.run.processes import detached
from kura_core.run.workspace import child_environment
from kura_core.steps.embed import ModelSource, SentenceModel, Vectors, load_sentence_model

# 0 is everyone's, 19 the least.
NICENESS = 5


@dataclass(slots=True)
class EmbeddingProcess:
    """Embeds as the SentenceModel of the same source and threads does, bit by bit.

    One thread may ask at a time. Every question raises EngineError when the model cannot be loaded
    or the process has ended.
    """

    identity: str
    process: subprocess.Popen[bytes]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return float32 unit vectors of shape (texts, dimensions)."""
        return self._ask("encode", texts)

    def cost(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens the model reads of each text."""
        return [int(tokens) for tokens in self._ask("cost", texts)]

    def padded_lengths(self, texts: Sequence[str]) -> list[int]:
        """Return the token count that each text is padded to."""
        return [int(length) for length in self._ask("padded_lengths", texts)]

    def kill(self) -> None:
        """End the process at once; a question that is not answered yet fails."""
        self.process.kill()

    def close(self) -> None:
        """End the process and what it was spoken with by; once nobody asks any more."""
        self.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):  # what was not read any more
                if pipe is not None:
                    pipe.close()

    def _ask(self, what: str, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        asked, answers = self.process.stdin, self.process.stdout
        if asked is None or answers is None:
            raise ValueError("An EmbeddingProcess is spoken with through pipes.")
        try:
            asked.write(_line({"what": what, "texts": list(texts)}))
            asked.flush()
            answer = json.loads(answers.readline() or b"{}")
            if "error" in answer:
                raise EngineError(answer["error"])
            data = answers.read(answer.get("size", 0))
        except OSError:
            answer, data = {}, b""
        if not answer or len(data) < answer["size"]:
            raise EngineError(
                "The process that embeds texts has ended before it was done, often for want of "
                "memory. What is finished is kept: start the run again, with other programs closed."
            )
        return np.frombuffer(data, answer["dtype"]).reshape(answer["shape"]).copy()


def start_embedding_process(source: ModelSource, threads: int) -> EmbeddingProcess:
    """Start a process that loads a model; returns at once, the first question waits for it."""
    # Threads that wait for each other are not to hold a processor that the calls could have. Nor
    # has it any use for keys.
    environment = {"OMP_WAIT_POLICY": "PASSIVE", **child_environment(public=True)}
    process = subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        **detached(),
    )
    with suppress(OSError):  # the first question finds that it has ended
        if process.stdin is not None:
            model = {"name": source.name, "folder": str(source.folder), "threads": threads}
            process.stdin.write(_line(model))
            process.stdin.flush()
    return EmbeddingProcess(source.identity, process)


def _line(value: Any) -> bytes:
    return json.dumps(value).encode() + b"\n"


def _serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    """Answer questions, a line each, until there are no more."""
    first = json.loads(asked.readline())
    try:
        model = _load(ModelSource(first["name"], Path(first["folder"]), ""), first["threads"])
    except EngineError as error:
        answers.write(_line({"error": str(error)}))
        return
    answer = {"encode": model.encode, "cost": model.cost, "padded_lengths": model.padded_lengths}
    for line in asked:
        question = json.loads(line)
        rows = np.asarray(answer[question["what"]](question["texts"]))
        head = {"dtype": rows.dtype.str, "shape": rows.shape, "size": rows.nbytes}
        answers.write(_line(head) + rows.tobytes())
        answers.flush()


def _load(source: ModelSource, threads: int) -> SentenceModel:
    import torch

    torch.set_num_threads(threads)
    return load_sentence_model(source)


def _give_way() -> None:
    if sys.platform != "win32":
        os.nice(NICENESS)  # below whoever started it; what is below already stays there
        return
    import psutil

    with suppress(psutil.Error):
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)


def main() -> None:
    """Serve whoever started this process."""
    # What libraries print must not come between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _give_way()
    with suppress(BrokenPipeError), answers:  # nobody listens any more
        _serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
