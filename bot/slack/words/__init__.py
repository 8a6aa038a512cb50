"""Every Japanese word of this surface: ``thread`` for a draft's thread, ``commands`` for what one person is told."""
