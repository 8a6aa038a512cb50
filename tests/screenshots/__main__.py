"""Takes all pictures: ``python -m tests.screenshots FOLDER`` (``make screenshot``)."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from tests.bot.console.browser import chromium
from tests.screenshots import console, icons, slack


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    pages = asyncio.run(slack.pages())
    with chromium() as browser:
        icons.take(browser)
        console.take(browser, folder)
        slack.take(browser, pages, folder)


if __name__ == "__main__":
    main()
