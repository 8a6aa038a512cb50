"""The bot around the rules: use cases, history, and the surfaces on which people meet it."""
