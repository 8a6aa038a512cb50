"""The hand-over test: a new administrator on a bare Debian follows the README. Run by ``make handover``, as root.

Makes a minimal system with nothing but the packages that the README names, clones this tree's HEAD there, and runs the
commands of the README's section "Try it", as they are printed, as an ordinary user. Prints what took how long, and
exits with 1 where a command does not do what the README says. Needs debootstrap and the network; knows no library, so
that any Python runs it.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
SECTION: Final = "Try it"
USER: Final = "1000:1000"
HOME: Final = "/home/admin"
AUTHORITIES: Final = "etc/ssl/certs/ca-certificates.crt"
NETWORK: Final = ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "PIP_INDEX_URL", "PIP_CERT", "PIP_DEFAULT_TIMEOUT")
"""Variables that say how this machine's network is left; the new system is in the same one."""
SERVES_WITHIN: Final = 900
"""Seconds until the console answers, set-up included."""


def main() -> int:
    """Run the test; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--suite", default="stable", help="Debian release")
    parser.add_argument("--tests", action="store_true", help="run the README's `make test` too (some 20 minutes)")
    arguments = parser.parse_args()
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        print("make handover has to be run as root, and needs debootstrap (Debian: apt-get install debootstrap)")
        return 2
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="handover-", ignore_cleanup_errors=True) as folder:
        system = System(Path(folder))
        taken = _follow(system, packages(readme), commands(readme), arguments)
    for what, seconds in taken:
        print(f"{seconds / 60:6.1f} min  {what}")
    own = sum(seconds for _, seconds in taken[1:])
    print(f"{own / 60:6.1f} min  from the clone to the last command")
    return 0


def packages(readme: str) -> Sequence[str]:
    """Return what the README tells to install."""
    told = re.search(r"`apt-get install ([a-z0-9 .+-]+)`", readme)
    assert told, "README.md names no packages"
    return told[1].split()


def commands(readme: str) -> Sequence[str]:
    """Return the commands of the section, without their comments."""
    section = re.split(r"^## ", readme, flags=re.MULTILINE)
    (text,) = (each for each in section if each.startswith(f"{SECTION}\n"))
    blocks = re.findall(r"^```sh\n(.+?)^```", text, re.MULTILINE | re.DOTALL)
    return [re.sub(r"\s{2,}#.*", "", line) for block in blocks for line in block.splitlines()]


def _follow(
    system: System, names: Sequence[str], lines: Sequence[str], arguments: argparse.Namespace
) -> list[tuple[str, float]]:
    taken: list[tuple[str, float]] = []

    @contextmanager
    def timed(what: str) -> Iterator[None]:
        print(f"── {what}", flush=True)
        began = time.monotonic()
        yield
        taken.append((what, time.monotonic() - began))

    with timed(f"a minimal Debian ({arguments.suite}) with {' '.join(names)}"):
        system.install(arguments.suite, names)
    with timed("git clone"):
        system.clone()
    system.run("echo 'お祭りは12月6日（日）です。' > draft.txt")
    for line in lines:
        if line == "make test" and not arguments.tests:
            continue
        with timed(line):
            # What keeps running is stopped once it answers; review says with 1 that there is something to mend.
            system.run(
                _until_it_answers(line) if line == "make run" else line, fine=(0, 1) if "review" in line else (0,)
            )
    return taken


def _until_it_answers(command: str) -> str:
    ask = "import urllib.request as u; assert '下書き' in u.urlopen('http://127.0.0.1:8080/').read().decode()"
    return (
        f"{command} & served=$!; for second in $(seq {SERVES_WITHIN}); do "
        f'python3 -c "{ask}" 2>/dev/null && exit 0; kill -0 $served || exit 9; sleep 1; done; exit 8'
    )


class System:
    """A Debian of its own below a folder, used through chroot in namespaces of its own: what is started in it ends."""

    def __init__(self, folder: Path) -> None:
        self._root = folder / "system"

    def install(self, suite: str, names: Sequence[str]) -> None:
        """Lay the system and its one user."""
        bare = ["debootstrap", "--variant=minbase", f"--include={','.join(names)}", suite, str(self._root)]
        with (self._root.parent / "debootstrap.log").open("w+") as log:
            if subprocess.run(bare, stdout=log, stderr=log, check=False).returncode:  # noqa: S603 - our own command
                log.seek(0)
                raise SystemExit(log.read()[-3000:])
        for path in ("etc/resolv.conf", "etc/hosts", AUTHORITIES):
            if Path("/", path).exists():
                shutil.copyfile(Path("/", path), self._root / path)
        home = self._root / HOME.lstrip("/")
        home.mkdir(parents=True)
        user, group = map(int, USER.split(":"))
        os.chown(home, user, group)

    def clone(self) -> None:
        """Clone this tree's HEAD as the user."""
        bundle = self._root / "srv" / "sns-check.bundle"
        subprocess.run(["git", "-C", str(ROOT), "bundle", "create", "--quiet", str(bundle), "HEAD"], check=True)  # noqa: S603, S607 - our own command
        self.run("git -c advice.detachedHead=false clone --quiet /srv/sns-check.bundle sns-check", folder=HOME)

    def run(self, command: str, *, folder: str = f"{HOME}/sns-check", fine: Sequence[int] = (0,)) -> None:
        """Run a shell command as the user. Exits with what went wrong where its exit code is not fine."""
        apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child", f"--mount-proc={self._root}/proc"]
        inside = [
            "chroot",
            f"--userspec={USER}",
            str(self._root),
            "/usr/bin/env",
            "-i",
            *_settings(self._environment()),
        ]
        done = subprocess.run(  # noqa: S603 - the README's own commands, in a system of their own
            [*apart, *inside, "bash", "-c", f"cd {folder} && {{ {command}\n}}"], check=False
        )
        if done.returncode not in fine:
            raise SystemExit(f"exit code {done.returncode}: {command}")

    def _environment(self) -> Mapping[str, str]:
        network = {name: os.environ[name] for name in NETWORK if name in os.environ}
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": HOME, "LANG": "C.UTF-8", **network}


def _settings(environment: Mapping[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in environment.items()]


if __name__ == "__main__":
    sys.exit(main())
