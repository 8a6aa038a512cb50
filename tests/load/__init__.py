"""How much the service bears: drafts at a steady rate, over HTTP and in Socket Mode. ``python -m tests.load``."""
