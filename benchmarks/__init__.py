"""Benchmarks; ``make bench`` prints them."""
