"""How three tokenizers might count: by characters, by pieces of words and marks, by bytes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

_PIECES = re.compile(r"\w{1,4}|[^\w\s]")
RULES: dict[str, Callable[[str], int]] = {
    "characters": lambda text: len(text) // 4,
    "pieces": lambda text: len(_PIECES.findall(text)),
    "bytes": lambda text: math.ceil(len(text.encode()) / 3.7),
}
