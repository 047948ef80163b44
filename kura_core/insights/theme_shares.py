"""How large the themes are, and how sure that is."""

from __future__ import annotations

from kura_core.insights.joined_run import JoinedRun


def theme_shares(joined: JoinedRun) -> dict[str, tuple[float, float]]:
    """The 95 % interval of every top cluster's share of all conversations, by cluster_id.

    One user's conversations are alike, so users are resampled where they have several.
    """
    from kura_core.explore.stats import share_by

    frame = joined.conversations[["user_id", "theme_id"]]
    shares = {}
    for theme_id in sorted(frame["theme_id"].dropna().unique()):
        hit = frame[["user_id"]].assign(theme=theme_id, hit=frame["theme_id"] == theme_id)
        row = share_by(hit, "theme", "hit").iloc[0]
        shares[str(theme_id)] = (float(row["low"]), float(row["high"]))
    return shares
