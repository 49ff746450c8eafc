"""What the checks of tools/*.sh have in common: they are run one by one, told and counted. The scripts put this folder on PYTHONPATH."""

import socket
import sys
import time
import traceback


class Checklist:
    """Keeps count of the checks of one script."""

    def __init__(self, script):
        self.script = script
        self.passed = self.failed = 0

    def expect(self, is_so, what):
        """A condition, told only where it does not hold."""
        if is_so:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {what}", file=sys.stderr)

    def run(self, name, check, *arguments, timed=False):
        """A check that raises where it fails, with a line of its own; if timed, with how long it took and what it says of itself."""
        begun = time.monotonic()
        try:
            said = check(*arguments)
        except Exception as error:
            self.failed += 1
            print(f"FAILED  {name}: {error or type(error).__name__}", flush=True)
            traceback.print_exc()
        else:
            self.passed += 1
            told = f" ({time.monotonic() - begun:.0f} s){f': {said}' if said else ''}" if timed else ""
            print(f"ok      {name}{told}", flush=True)

    def close(self):
        """Says how it went; the exit status."""
        print(f"{self.script}: {self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0


def equal(found, expected, what):
    if found != expected:
        raise AssertionError(f"{what}: expected {expected!r}, found {found!r}")


def true(condition, what):
    if not condition:
        raise AssertionError(what)


def free_port():
    """Of 127.0.0.1; free a moment ago."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
