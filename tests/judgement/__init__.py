"""Labelled drafts of our own making, and what the reviewer makes of them.

A line of a file is ``{"id", "text", "must", "may", "kind", "note", "today"?}``. ``must`` is a list of groups of topics:
each has to be met by a warn or block finding of one of its topics. ``may`` are topics that a careful officer could
raise as well. A draft without ``must`` is clean: any warn or block outside ``may`` is a false alarm.
"""
