"""Side by side with other programs on the same strings; ``python -m benchmarks.peers``."""
