"""Kura: what the users of an AI product want, where it silently fails them, what to build next.

The names below are the public API; each is imported when it is first used, so that importing
`kura_core` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kura_core.api import (
        ClusterDescriptionModel,
        MetaClusterModel,
        SummaryModel,
        generate_base_clusters_from_conversations,
        reduce_clusters_from_base_clusters,
        reduce_dimensionality_from_clusters,
        summarise_conversations,
        visualise_pipeline_results,
    )
    from kura_core.config import Facet, RunConfig
    from kura_core.engines.choose import make_engine
    from kura_core.load import load_conversations
    from kura_core.run.cache import DiskCacheStrategy
    from kura_core.run.checkpoints import JSONLCheckpointManager
    from kura_core.run.pipeline import run_pipeline
    from kura_core.steps.project import HDBUMAP, project_conversations
    from kura_core.types import Cluster, Conversation, ConversationSummary, Message

_HOMES = {
    "ClusterDescriptionModel": "api",
    "MetaClusterModel": "api",
    "SummaryModel": "api",
    "generate_base_clusters_from_conversations": "api",
    "reduce_clusters_from_base_clusters": "api",
    "reduce_dimensionality_from_clusters": "api",
    "summarise_conversations": "api",
    "visualise_pipeline_results": "api",
    "Facet": "config",
    "RunConfig": "config",
    "make_engine": "engines.choose",
    "load_conversations": "load",
    "DiskCacheStrategy": "run.cache",
    "JSONLCheckpointManager": "run.checkpoints",
    "run_pipeline": "run.pipeline",
    "HDBUMAP": "steps.project",
    "project_conversations": "steps.project",
    "Cluster": "types",
    "Conversation": "types",
    "ConversationSummary": "types",
    "Message": "types",
}

__version__ = "1.0.0"
__all__ = [
    "HDBUMAP",
    "Cluster",
    "ClusterDescriptionModel",
    "Conversation",
    "ConversationSummary",
    "DiskCacheStrategy",
    "Facet",
    "JSONLCheckpointManager",
    "Message",
    "MetaClusterModel",
    "RunConfig",
    "SummaryModel",
    "generate_base_clusters_from_conversations",
    "load_conversations",
    "make_engine",
    "project_conversations",
    "reduce_clusters_from_base_clusters",
    "reduce_dimensionality_from_clusters",
    "run_pipeline",
    "summarise_conversations",
    "visualise_pipeline_results",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'kura_core' has no attribute {name!r}")
    return getattr(import_module(f"kura_core.{_HOMES[name]}"), name)
