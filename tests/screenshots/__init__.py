"""The pictures in the documents, taken from the running product: ``python -m tests.screenshots FOLDER``.

The console is photographed in the browser. Slack's client cannot run here, so what the real process sends to the
doubled Slack is laid out in the way in which Slack shows it (``blockkit``) and photographed then.
"""
