"""The Slack surface: drafts come in as messages of a review channel, answers go out into their threads."""
