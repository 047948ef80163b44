"""What the theme in .streamlit/config.toml cannot say: measures, and the rows of the tree."""

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
[class*="st-key-theme-"] [data-testid="stPageLink-NavLink"],
[class*="st-key-finding-"] [data-testid="stPageLink-NavLink"] {padding-left: 0; margin-left: 0}
[class*="st-key-quote-"] [data-testid="stPageLink-NavLink"][data-testid] {padding: .1rem .8rem;
  border-radius: 0; border-left: 3px solid var(--st-primary-color, #1a9384); white-space: normal}
[class*="st-key-quote-"] [data-testid="stPageLink-NavLink"] p {white-space: normal;
  overflow: visible; font-style: italic}
[class*="st-key-sentence-"] {display: block; line-height: 1.6}
[class*="st-key-sentence-"] :is(div, a, span, p) {display: inline; width: auto; margin: 0;
  padding: 0; font-size: inherit; line-height: inherit; white-space: pre-wrap;
  background: none; overflow: visible}
[class*="st-key-sentence-"] a p {color: light-dark(#0f766e, #4cc4b5); font-weight: 600}
[class*="st-key-sentence-"] a:hover p {text-decoration: underline}
[class*="st-key-trend-"] [data-testid="stMetricValue"] {font-size: 1rem; font-weight: 600}
.st-key-way_on [data-testid="stPageLink-NavLink"],
[class*="st-key-left_link"] [data-testid="stPageLink-NavLink"] {padding-left: 0; margin-left: 0}
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] {padding-left: 1.1rem; padding-right: 1.1rem}
  .st-key-hero {padding-top: 2vh}
  [data-testid="stHorizontalBlock"] {gap: 1rem}
}
</style>"""
