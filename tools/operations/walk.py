"""Reads docs/operations.md, "First tenant in production", and does what it says."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys

from processes import REPOSITORY

HEADING = "## First tenant in production\n"
PRINTED_ADDRESS = "vermilion.example.com:443"


def section():
    page = (REPOSITORY / "docs" / "operations.md").read_text(encoding="utf-8")
    return page.partition(HEADING)[2].partition("\n## ")[0]


def blocks(language, mark=""):
    found = re.findall(rf"{mark}```{language}\n(.*?)^```$", section(), re.MULTILINE | re.DOTALL)
    if not found:
        sys.exit(f"docs/operations.md: no block of {language} in {HEADING.strip()}")
    return found


def database(password):
    """The statements that make it, with a password."""
    return "".join(blocks("sql")).replace("'PASSWORD'", f"'{password}'")


def write_config(path):
    path.write_text("\n".join(blocks("toml")))


def run(folder, address, authority, **variables):
    """Runs the lines; their answers. grpcurl is that on PATH, or what stands in for it here."""
    tools = folder / "bin"
    tools.mkdir(exist_ok=True)
    if not shutil.which("grpcurl"):
        stand_in = tools / "grpcurl"
        program = REPOSITORY / "tools" / "operations" / "grpcurl.py"
        stand_in.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(program))} "$@"\n')
        stand_in.chmod(0o755)
    script = "\n".join(blocks("sh", "<!-- walk -->\n"))
    if PRINTED_ADDRESS not in script:
        sys.exit(f"docs/operations.md: the lines do not call {PRINTED_ADDRESS}")
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script.replace(PRINTED_ADDRESS, address)],
        cwd=REPOSITORY,
        env=os.environ | variables | {"PATH": path, "SSL_CERT_FILE": str(authority)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    if done.returncode != 0:
        raise AssertionError(f"the lines of the page: {done.stdout}{done.stderr}")
    answers, told = [], done.stdout.strip()
    while told:
        answer, end = json.JSONDecoder().raw_decode(told)
        answers.append(answer)
        told = told[end:].lstrip()
    return answers
