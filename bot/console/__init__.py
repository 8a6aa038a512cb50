"""The console (確認画面): a page on this machine where drafts are pasted and their threads are read."""

from bot.console.app import open_console
from bot.console.guard import is_loopback

__all__ = ["is_loopback", "open_console"]
