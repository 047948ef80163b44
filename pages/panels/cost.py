"""What a run will cost, what it costs while it works, and what it came to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from kura_core.config import RunConfig
from kura_core.engines.spending import dollars
from kura_core.engines.tokens import Range
from kura_core.errors import ConfigError, InputError
from kura_core.run.cost.estimate import Estimate, estimate_of
from kura_core.run.cost.estimate_input import estimate_sample
from kura_core.run.cost.money_text import (
    CLIO,
    CLIO_A_CONVERSATION,
    count_range,
    dollar_range,
    each_conversation,
    estimate_text,
)
from kura_core.run.events import STEPS
from kura_core.run.prompts.sample import MOST, PromptSample
from kura_core.run.sending import sendings
from kura_core.run.uploads import Upload, estimate_upload
from kura_core.run.workspace import Workspace
from pages.panels.engine import OFFLINE
from pages.panels.prompt_sample import answers_stamp, read_sample, stamp_of
from pages.panels.text import escape, percent

_KEPT = "cost_estimate"


def draw_estimate(
    workspace: Workspace, upload: Upload, config: RunConfig, usable: int | None
) -> None:
    """What these settings cost: by itself where the file is small, else when it is asked for.

    `usable` is how many conversations the file has, None where nobody counted them.
    """
    if not sendings(config):
        return
    if config.engine != OFFLINE and usable is not None and usable <= MOST:
        _draw_found(_at_once(workspace, upload, config), config)
        return
    asked = json.dumps([upload.upload_id, config.as_json()], sort_keys=True)
    if st.button(
        "What will it cost?",
        key="estimate_cost",
        icon=":material/payments:",
        help="Worked out from the very requests that would be sent; nothing is sent for it.",
    ):
        with st.spinner("Working it out from your conversations…"):
            st.session_state[_KEPT] = (asked, _worked_out(workspace, upload, config))
    kept = st.session_state.get(_KEPT)
    if kept is None:
        return
    if kept[0] != asked:
        st.caption("The settings have changed since the cost was worked out; ask again.")
        return
    _draw_found(kept[1], config)


def draw_meter(meter: dict[str, Any] | None, estimate: dict[str, Any] | None) -> None:
    """What a run has spent so far, beside what it will come to."""
    if meter is None:
        if estimate is not None:
            st.caption(f"Estimated: {escape(estimate_text(estimate_of(estimate)))}.")
        return
    tokens = meter["input_tokens"] + meter["output_tokens"]
    with st.container(horizontal=True, key="meter"):
        cost, expected = meter["cost_usd"], meter["expected_usd"]
        st.metric(
            "Spent so far",
            "price unknown" if cost is None else _plain(dollars(cost)),
            help="At list prices; discounts of your provider are not known here.",
        )
        if expected is not None:
            st.metric(
                "Expected in all",
                _plain(dollar_range(Range(*expected))),
                help="The estimate, corrected by what the answers so far have cost.",
            )
        st.metric("Calls", f"{meter['sent']:,}")
        st.metric("Tokens", f"{tokens:,}", help="Read and written.")


def draw_each(manifest: dict[str, Any]) -> None:
    """Cost per conversation, the estimate the run began with, and the models apart."""
    cost = manifest.get("cost_usd")
    counts = manifest.get("counts") or {}
    facts = []
    each = each_conversation(cost, counts.get("summarised", 0)) if cost is not None else None
    if each is not None:
        facts.append(f"{escape(each)} a conversation")
    if manifest.get("estimate"):
        facts.append(f"the estimate was {escape(estimate_text(estimate_of(manifest['estimate'])))}")
    if facts:
        facts[0] = facts[0][:1].upper() + facts[0][1:]
        yardstick = f"Clio published about ${CLIO_A_CONVERSATION} a conversation. {CLIO}"
        st.caption(" · ".join(facts), help=_plain(yardstick))
    models = manifest.get("by_model") or {}
    if len(models) > 1:
        said = [
            f"{model}: {own['sent']:,} calls, "
            + ("price unknown" if own["cost_usd"] is None else dollars(own["cost_usd"]))
            for model, own in models.items()
        ]
        st.caption(escape(" · ".join(said)))


def _worked_out(workspace: Workspace, upload: Upload, config: RunConfig) -> dict[str, Any]:
    try:
        return estimate_upload(workspace, upload, config)
    except InputError as error:
        return {"error": str(error)}


def _at_once(workspace: Workspace, upload: Upload, config: RunConfig) -> dict[str, Any]:
    try:
        sample = read_sample(workspace, upload, config)
        if not sample.whole:  # few, but very long
            return _worked_out(workspace, upload, config)
        settings = json.dumps(config.as_json(), sort_keys=True)
        stamps = stamp_of(upload) + answers_stamp(workspace)
        return _estimated(stamps, settings, workspace.root / "cache", sample, config)
    except (InputError, ConfigError) as error:
        return {"error": str(error)}


@st.cache_data(max_entries=64, show_spinner=False)
def _estimated(
    stamps: str, settings: str, _cache: Path, _sample: PromptSample, _config: RunConfig
) -> dict[str, Any]:
    return estimate_sample(_sample, _config, _cache)


def _draw_found(found: dict[str, Any], config: RunConfig) -> None:
    if "error" in found:
        st.warning(escape(found["error"]), icon=":material/front_hand:")
        return
    _draw(estimate_of(found), config.budget)


def _draw(estimate: Estimate, budget: float | None) -> None:
    said = f"About {estimate_text(estimate)}"
    if estimate.cached:
        said += f"; {percent(estimate.cached, 1)} of it is cached"
    st.markdown(f"**{escape(said)}.**")
    cost = estimate.cost_usd
    if cost is None:
        st.caption("Enter the price under Advanced to see what that is in dollars.")
    elif estimate.conversations:
        each = Range(cost.low / estimate.conversations, cost.high / estimate.conversations)
        st.caption(
            f"{escape(f'${each.low:.5f}–{each.high:.5f}')} a conversation; Clio published about "
            f"{escape(f'${CLIO_A_CONVERSATION}')}.",
            help=_plain(CLIO),
        )
        if budget is not None and cost.high > budget:
            st.caption(
                f":material/savings: The budget of {escape(dollars(budget))} may not be enough; "
                "the run would stop there, and could be continued."
            )
    with st.expander("By step", key="estimate_steps"):
        st.dataframe(_rows(estimate), hide_index=True, width="stretch")
        if 0 < estimate.sampled < estimate.conversations:
            st.caption(
                f"From {estimate.sampled:,} of {estimate.conversations:,} conversations, drawn at "
                "random; what that leaves open is in the ranges."
            )


def _rows(estimate: Estimate) -> pd.DataFrame:
    rows = [
        {
            "Step": STEPS[step.step][0],
            "Model": step.model,
            "Calls": count_range(step.calls),
            "Cached": f"{step.cached:,.0f}",
            "Tokens read": count_range(step.input_tokens),
            "Tokens written": count_range(step.output_tokens),
            "Cost": "not known" if step.cost_usd is None else dollar_range(step.cost_usd),
        }
        for step in estimate.steps
    ]
    return pd.DataFrame(rows)


def _plain(text: str) -> str:
    """Dollars that are not taken for the marks of a formula."""
    return text.replace("$", "\\$")
