"""How much the service bears: drafts at a steady rate, over HTTP, and what comes of it. ``python -m tests.load``."""
