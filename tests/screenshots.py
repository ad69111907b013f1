"""Pictures of pages as tests meet them, kept only where somebody asks for them: ``KEEP_SCREENSHOTS=1``.

They lie under ``test-output/screenshots/``, each under its name and width, for guides and for looking at.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "test-output" / "screenshots"


def keep(page: Any, name: str, *, whole: bool = True) -> None:
    """Keep a picture of a page at its width: the whole of it, or what is seen without scrolling."""
    if os.environ.get("KEEP_SCREENSHOTS"):
        FOLDER.mkdir(parents=True, exist_ok=True)
        page.screenshot(
            path=str(FOLDER / f"{name}-{page.viewport_size['width']}.png"), full_page=whole, animations="disabled"
        )
