"""JSON as files really hold it: fast where it is regular, forgiving where it is not."""

from __future__ import annotations

import json
from typing import Any

import orjson


def parse_json(data: bytes) -> Any:
    """Parse one JSON value from UTF-8 bytes.

    orjson refuses lone surrogates, numbers beyond 64 bits and NaN, which Python's own parser takes;
    what orjson refuses is therefore tried again. Raises ValueError with the reason, which is fit to
    be shown.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text (byte {error.start + 1}); save it as UTF-8") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, " if error.lineno > 1 else ""
        raise ValueError(f"not JSON: {error.msg} ({place}character {error.colno})") from error
    except RecursionError as error:
        raise ValueError("nested too deep to be read") from error
    except ValueError as error:
        raise ValueError("a number with too many digits") from error
