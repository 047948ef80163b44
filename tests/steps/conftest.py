"""The bundled embedding model, loaded once for all tests that need it."""

from __future__ import annotations

import pytest

from kura_core.steps.embed import SentenceModel, find_embedding_model, load_sentence_model


@pytest.fixture(scope="session")
def bundled_model() -> SentenceModel:
    return load_sentence_model(find_embedding_model())
