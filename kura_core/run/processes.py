"""Processes of ours that outlive the one that started them, and how they are found again."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import psutil


def start_time(pid: int) -> float:
    """When a process was started (seconds since the epoch); 0.0 when it has ended already.

    With the pid it names the process: a pid alone is given to another one after a restart.
    """
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return 0.0


def living_process(pid: int, started: float) -> psutil.Process | None:
    """The process while it lives; never another one that was given the same pid."""
    if not pid:
        return None
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - started) < 1.0
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return None


def detached() -> dict[str, Any]:
    """What makes `subprocess.Popen` start a process that does not end with this one."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}
