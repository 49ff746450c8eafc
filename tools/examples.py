#!/usr/bin/env python3
"""Writes docs/examples/README.md: how to send each example request, by grpcurl and by `buf curl`.

    tools/examples.py            writes the page
    tools/examples.py --check    exit status 1 if the page is not what this would write, or a printed example is not true

The requests are the JSON files beside the page; they are read here so that one that is no JSON, or that nothing mentions,
is an error. tools/third-party.sh runs every `buf curl` line of the page, and the grpcurl lines where grpcurl is on PATH; those
that polish without a model, and with one that tools/provider-test/replies.json plays. It also runs browser.mjs.

--check runs every `cargo run --release -q -- ...` of README.md and docs/*.md with the program that has been built
(target/release/vermilion, or --program) and compares what is printed below it; a `cat FILE` in the same block makes FILE. The
README's lines for browsers must be browser.mjs.
"""

import argparse
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
FOLDER = REPOSITORY / "docs" / "examples"
PROGRAM = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")) / "release" / "vermilion"
RUN = "cargo run --release -q -- "
ADDRESS = "127.0.0.1:50051"
EXAMPLES = [
    ("check-english.json", "vermilion.v1.SpellingService/CheckSpelling", "Check a reply in English"),
    ("check-portuguese.json", "vermilion.v1.SpellingService/CheckSpelling", "Check a reply in Brazilian Portuguese"),
    ("check-chinese.json", "vermilion.v1.SpellingService/CheckSpelling", "Check a reply in Chinese"),
    ("check-html.json", "vermilion.v1.SpellingService/CheckSpelling", "Check an e-mail in HTML"),
    ("suggest.json", "vermilion.v1.SpellingService/GetSuggestions", "Ask for the right spellings of one word"),
    (
        "feedback.json",
        "vermilion.v1.SpellingService/RecordSpellingFeedback",
        "Report what the agent did with two marks",
    ),
    ("caller.json", "vermilion.v1.CallerService/GetCaller", "Ask who calls, and what requests must keep to"),
    (
        "availability.json",
        "vermilion.v1.PolishingService/GetPolishingAvailability",
        "May I polish? As the demo tenant's agent ana, for whom all four conditions hold",
    ),
    (
        "availability.json",
        "vermilion.v1.PolishingService/GetPolishingAvailability",
        "The same as agent bruno, whose Intelligent Recognition is off",
        "x-agent-id: bruno",
    ),
    (
        "availability.json",
        "vermilion.v1.PolishingService/GetPolishingAvailability",
        "The same in a tenant whose administrator's agent is not versatile",
        "x-tenant-id: demo-not-versatile",
        "x-agent-id: ana",
    ),
    (
        "polish.json",
        "vermilion.v1.PolishingService/PolishReply",
        "Polish a reply; with the same request_id again, the same answer without a charge",
    ),
    (
        "polish-stream.json",
        "vermilion.v1.PolishingService/StreamPolishReply",
        "Correct the grammar of a reply, and see it being written",
    ),
    (
        "settings-switch.json",
        "vermilion.v1.SettingsService/UpdateAgent",
        "Turn an agent's Reply polishing on, as the tenant administrator",
        "x-tenant-id: demo-refine-off",
        "x-roles: tenant_admin",
    ),
    (
        "settings-words.json",
        "vermilion.v1.SettingsService/BatchCreateDictionaryWords",
        "Teach a tenant's names and terms",
        "x-roles: tenant_admin",
    ),
    (
        "settings-candidates.json",
        "vermilion.v1.SettingsService/ListDictionaryCandidates",
        "List words that several agents left alone: none, as the demo tenant's dictionary does not learn",
        "x-roles: tenant_admin",
    ),
    (
        "settings-agents.json",
        "vermilion.v1.SettingsService/ListAgents",
        "List the agents of the demo tenant, as an operator",
        "x-roles: operator",
    ),
    ("health.json", "grpc.health.v1.Health/Check", "Ask whether the service is well"),
]
HEAD = """\
<!-- Written by tools/examples.py; change that, or the JSON files, and run it again. -->
# Requests to try

Start the service (`cargo run --release`) and run these lines in the root of the repository. `grpcurl` and `buf curl` do the
same; take whichever you have. Both ask the service for its description (reflection, on in development), except for the last
line of each example: it speaks gRPC-Web, as browsers do, and where the method is ours reads it from `proto/` instead.

The two requests that polish need a model (`OPENAI_BASE_URL=http://127.0.0.1:11434/v1 OPENAI_MODEL=qwen3 cargo run --release`; see
[providers](../providers.md)). Without one they are answered by FAILED_PRECONDITION, reason `MODEL_NOT_CONFIGURED`.
"""
TAIL = """
## From a browser

[`browser.mjs`](browser.mjs) runs in a page, or in node 20 and later. `buf generate` makes the file that it imports, in the root
of the repository:

```console
npm install --no-save @connectrpc/connect @connectrpc/connect-web @bufbuild/protobuf @bufbuild/buf @bufbuild/protoc-gen-es
npx buf generate proto --template docs/examples/buf.gen.yaml --output docs/examples
node docs/examples/browser.mjs
```
"""


def section(file, method, title, *headers):
    request = json.loads((FOLDER / file).read_text(encoding="utf-8"))
    path = f"docs/examples/{file}"
    # Reflection needs no files; of the health service there is none here.
    schema = "--schema proto " if method.startswith("vermilion.") else ""
    # Development trusts such headers; without any, the caller is the demo tenant's eligible agent.
    who = "".join(f"-H '{header}' " for header in headers)
    url = f"http://{ADDRESS}/{method}"
    return f"""
## {title}

[`{file}`]({file}):

```json
{json.dumps(request, ensure_ascii=False, indent=2)}
```

```sh
grpcurl -plaintext {who}-d @ {ADDRESS} {method} < {path}
```

```sh
buf curl --protocol grpc --http2-prior-knowledge {who}-d @{path} {url}
```

```sh
buf curl {schema}--protocol grpcweb --http2-prior-knowledge {who}-d @{path} {url}
```
"""


def examples(page):
    """The blocks of a page that run the program: each a list of commands, with the lines below each."""
    for block in re.findall(r"^```\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        if f"$ {RUN}" in block:
            commands = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
            yield [command.partition("\n")[::2] for command in commands]


def run_examples(page, name, program):
    """How many examples of a page ran; ends the process at one that prints something else."""
    count = 0
    for commands in examples(page):
        with tempfile.TemporaryDirectory() as folder:
            for command, printed in commands:
                if command.startswith("cat "):
                    (pathlib.Path(folder) / command.removeprefix("cat ")).write_text(printed, encoding="utf-8")
                    continue
                line = command.replace(RUN, f"{shlex.quote(str(program))} ", 1)
                found = subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, text=True).stdout
                if found != printed:
                    sys.exit(f"{name}: {command}\nprinted there:\n{printed}\nprinted now:\n{found}")
                count += 1
    return count


def check_pages(program):
    if not program.exists():
        sys.exit(f"{program} is missing: run cargo build --release")
    pages = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
    texts = {page: page.read_text(encoding="utf-8") for page in pages}
    count = sum(run_examples(text, page.name, program.resolve()) for page, text in texts.items())
    if count < 3:
        sys.exit(f"only {count} printed examples were found")
    browser = (FOLDER / "browser.mjs").read_text(encoding="utf-8")
    if f"```js\n{browser}```" not in texts[pages[0]]:
        sys.exit("README.md: the lines for browsers are not docs/examples/browser.mjs")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit status 1 if a page is not true")
    parser.add_argument("--program", type=pathlib.Path, default=PROGRAM, help="what runs the printed commands")
    arguments = parser.parse_args()
    named = {example[0] for example in EXAMPLES}
    there = {path.name for path in FOLDER.glob("*.json")}
    if named != there:
        sys.exit(f"tools/examples.py: mentioned or there, but not both: {' '.join(sorted(named ^ there))}")
    page = HEAD + "".join(section(*example) for example in EXAMPLES) + TAIL
    target = FOLDER / "README.md"
    if not arguments.check:
        target.write_text(page, encoding="utf-8")
    elif not target.exists() or target.read_text(encoding="utf-8") != page:
        sys.exit("docs/examples/README.md is stale: run tools/examples.py")
    else:
        check_pages(arguments.program)


if __name__ == "__main__":
    main()
