"""Our own side of the comparison: all strings as they should be. The peers are run by ``make peers``."""

from __future__ import annotations

import pytest

from benchmarks.peers.__main__ import HEADING, OURS, PEERS, ours, put_into, strings, tables


def test_all_that_is_to_be_found_is_found_and_nothing_else() -> None:
    drafts = strings()
    raised = ours([draft.text for draft in drafts])
    assert [draft.text for at, draft in enumerate(drafts) if draft.is_wrong != (at in raised)] == []


def test_every_group_has_strings_of_both_kinds_and_a_table() -> None:
    drafts = strings()
    assert {(draft.group, draft.is_wrong) for draft in drafts} == {
        (group, side) for group in PEERS for side in (True, False)
    }
    nothing = dict.fromkeys({OURS, *(name for names in PEERS.values() for name in names)}, frozenset[int]())
    written = "\n".join(tables(drafts, nothing))
    assert all(f"| {draft.kind} |" in written for draft in drafts)


@pytest.mark.parametrize("rest", ["", "\n## Later\n\nMore.\n"])
def test_the_section_is_put_in_its_place_again_and_again(rest: str) -> None:
    document = f"# Title\n\nText.\n\n{HEADING}\n\nold\n{rest}"
    once = put_into(document, f"{HEADING}\n\nnew\n")
    assert once == f"# Title\n\nText.\n\n{HEADING}\n\nnew\n{rest}"
    assert put_into(once, f"{HEADING}\n\nnew\n") == once


def test_a_document_without_the_section_gets_it_at_its_end() -> None:
    assert put_into("# Title\n", f"{HEADING}\n\nnew\n") == f"# Title\n\n{HEADING}\n\nnew\n"
