"""``files.*``: metadata, and the two-step upload."""

from __future__ import annotations

from typing import Any

from tests.doubles.slack.errors import SlackError
from tests.doubles.slack.web_api import Call, Method

from .chat import say_as_bot

Json = dict[str, Any]


def _info(call: Call) -> Json:
    stored = call.context.workspace.files.get(call.text("file"))
    if stored is None:
        raise SlackError("file_not_found")
    return {"file": stored.body, "content": stored.content.decode("utf-8", "replace")[:20_000]}


def _upload_url(call: Call) -> Json:
    length = str(call.args.get("length", ""))
    if not length.isdigit() or int(length) == 0:
        raise SlackError("invalid_arguments", "missing required field: length")
    workspace = call.context.workspace
    stored = workspace.keep_file({"name": call.text("filename"), "mode": "hosted", "expected": int(length)}, b"")
    return {"upload_url": f"{call.context.base_url}/upload/{stored.id}", "file_id": stored.id}


def _complete_upload(call: Call) -> Json:
    files = call.parsed("files", "invalid_arguments")
    if not isinstance(files, list) or not files:
        raise SlackError("invalid_arguments", "missing required field: files")
    workspace = call.context.workspace
    shown = []
    for entry in files:
        stored = workspace.files.get(str(entry.get("id")))
        if stored is None or len(stored.content) != stored.body["expected"]:
            raise SlackError("file_not_found")
        stored.body |= {"title": entry.get("title", stored.body["name"]), "size": len(stored.content)}
        shown.append(stored.body)
    if channel_id := call.optional("channel_id"):
        channel = workspace.member_channel(channel_id)
        body: Json = {"text": call.optional("initial_comment") or "", "subtype": "file_share", "files": shown}
        if thread := call.optional("thread_ts"):
            body["thread_ts"] = thread
        say_as_bot(call, channel, body, None)
    return {"files": [{"id": entry["id"], "title": entry["title"]} for entry in shown]}


METHODS = {
    "files.info": Method(_info, ("files:read",), reads_json=False),
    "files.getUploadURLExternal": Method(_upload_url, ("files:write",), reads_json=False),
    "files.completeUploadExternal": Method(_complete_upload, ("files:write",)),
}
