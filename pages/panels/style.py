"""What the theme in .streamlit/config.toml cannot say: measures, links, and the rows of the tree.

A table's own CSV is hidden: it takes cells as they are, and a spreadsheet would run a formula that
somebody wrote into a chat. The pages' downloads go through `csv_text`.
"""

from __future__ import annotations

_MARK = (
    '<g fill="#1a9384"><circle cx="9" cy="10" r="5"/><circle cx="21" cy="7" r="3.2"/>'
    '<circle cx="19" cy="21" r="6.4"/><circle cx="7" cy="24" r="2.6"/>'
)
ICON = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="1 2 27 27">{_MARK}</g></svg>'
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="32" viewBox="0 0 120 32">'
    f"{_MARK}"
    '<text x="35" y="24" font-family="Source Sans Pro, Source Sans, Helvetica, Arial, sans-serif" '
    'font-size="25" font-weight="700">Kura</text></g></svg>'
)

STYLE = """<style>
[data-testid="stMainBlockContainer"] {max-width: 1200px; padding-top: 4rem; padding-bottom: 5rem}
[data-testid="stMainBlockContainer"] blockquote {margin: .25rem 0}
.st-key-hero {max-width: 720px; padding-top: 12vh}
.st-key-hero h1 {font-size: clamp(2rem, 4.5vw, 3rem); line-height: 1.15}
.st-key-verdict {max-width: 900px}
.st-key-verdict h1 {font-size: clamp(1.6rem, 3vw, 2.2rem); line-height: 1.25}
.st-key-tree button {padding: .35rem .7rem; min-height: 0}
.st-key-tree button > div, .st-key-tree button > div > span,
.st-key-tree button [data-testid="stMarkdownContainer"] {width: 100%}
.st-key-tree button p {display: flex; justify-content: space-between; gap: 1rem; text-align: left}
.st-key-tree [data-testid="stBaseButton-tertiary"]:hover,
.st-key-tree [data-testid="stBaseButton-secondary"] {border-color: transparent;
  background: color-mix(in srgb, currentColor 9%, transparent)}
.st-key-tree [class*="st-key-tree-1-"] button {padding-left: 1.8rem}
.st-key-tree [class*="st-key-tree-2-"] button {padding-left: 3rem}
.st-key-tree [class*="st-key-tree-3-"] button {padding-left: 4.2rem}
.st-key-tree [class*="st-key-tree-4-"] button {padding-left: 5.4rem}
[data-testid="stElementToolbarButton"]:has(> * > [aria-label^="Download as CSV"]) {display: none}
[data-testid="stMain"] [data-testid="stPageLink-NavLink"] {background: none; padding-left: 0;
  margin-left: 0}
[data-testid="stMain"] [data-testid="stPageLink-NavLink"] :is(p, [data-testid="stIconMaterial"]) {
  color: light-dark(#0f766e, #4cc4b5); font-weight: 500}
[data-testid="stMain"] [data-testid="stPageLink-NavLink"] p {white-space: normal; overflow: visible}
[data-testid="stMain"] [data-testid="stPageLink-NavLink"]:hover p {text-decoration: underline}
[data-testid="stMain"] [class*="st-key-quote-"] [data-testid="stPageLink-NavLink"] {
  padding: .1rem .8rem; border-radius: 0; white-space: normal;
  border-left: 3px solid var(--st-primary-color, #1a9384)}
[data-testid="stMain"] [class*="st-key-quote-"] [data-testid="stPageLink-NavLink"] p {
  color: inherit; font-style: italic; font-weight: 400}
[class*="st-key-sentence-"] {display: block; line-height: 1.6}
[class*="st-key-sentence-"] :is(div, a, span, p) {display: inline; width: auto; margin: 0;
  padding: 0; font-size: inherit; line-height: inherit; white-space: pre-wrap;
  background: none; overflow: visible}
[data-testid="stMain"] [class*="st-key-sentence-"] a p {font-weight: 600}
[class*="st-key-trend-"] [data-testid="stMetricValue"] {font-size: 1rem; font-weight: 600}
.st-key-prompt_sent [data-testid="stText"], .st-key-prompt_sent [data-testid="stText"] * {
  font-size: .875rem}
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] {padding-left: 1.1rem; padding-right: 1.1rem}
  .st-key-hero {padding-top: 2vh}
  .st-key-quadrant_heads {display: none}
  [class*="st-key-prompt_trial_"] thead {display: none}
  [class*="st-key-prompt_trial_"] :is(table, tbody, tr, td) {display: block; border: 0}
  [class*="st-key-prompt_trial_"] td {padding: .1rem 0}
  [class*="st-key-prompt_trial_"] tr {padding: .4rem 0}
  [class*="st-key-prompt_trial_"] td:first-child {opacity: .7}
  .st-key-prompt_trial_both td:nth-child(2)::before {content: "Before: "}
  .st-key-prompt_trial_both td:nth-child(3)::before {content: "Now: "}
  .st-key-figures [data-testid="stColumn"] {min-width: calc(50% - 1rem)}
  [data-testid="stHorizontalBlock"] {gap: 1rem}
}
</style>"""
