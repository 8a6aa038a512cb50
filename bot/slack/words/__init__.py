"""Every Japanese word of this surface, by who reads it.

``thread`` for a draft's thread, ``commands`` for what one person is told, ``catch_up`` for what supervisors are
told about drafts that nobody checked.
"""
