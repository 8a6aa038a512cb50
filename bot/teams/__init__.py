"""The Teams surface: drafts in channels of Microsoft Teams, answered by Adaptive Cards in their threads.

Microsoft's SDK does two things when it is imported that a program like this one must not do: it takes over what stands
in a file ``.env`` of the working directory, and it warns about a part of its own that nobody asked for. So it is
imported here, before any module of this surface can, with both turned off.
"""

from __future__ import annotations

import os
import warnings
from typing import Final

_SWITCH: Final = "PYTHON_DOTENV_DISABLED"


def _import_in_peace() -> None:
    before = os.environ.get(_SWITCH)
    os.environ[_SWITCH] = "true"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import microsoft_teams.apps  # noqa: F401, PLC0415 - for its effects, once
    finally:
        del os.environ[_SWITCH]
        if before is not None:
            os.environ[_SWITCH] = before


_import_in_peace()
