#!/usr/bin/env python3
"""Writes docs/examples/README.md: how to send each example request, by grpcurl and by `buf curl`.

    tools/examples.py            writes the page
    tools/examples.py --check    exit status 1 if the page is not what this would write

The requests are the JSON files beside the page; they are read here so that one that is no JSON, or that nothing mentions,
is an error. tools/third-party.sh runs every `buf curl` line of the page, and the grpcurl lines where grpcurl is on PATH; those
that polish without a model, and with one that tools/provider-test/replies.json plays.
"""

import argparse
import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "docs" / "examples"
ADDRESS = "127.0.0.1:50051"
EXAMPLES = [
    ("check-english.json", "vermilion.v1.SpellingService/CheckSpelling", "Check a reply in English"),
    ("check-portuguese.json", "vermilion.v1.SpellingService/CheckSpelling", "Check a reply in Brazilian Portuguese"),
    ("check-chinese.json", "vermilion.v1.SpellingService/CheckSpelling", "Check a reply in Chinese"),
    ("check-html.json", "vermilion.v1.SpellingService/CheckSpelling", "Check an e-mail in HTML"),
    ("suggest.json", "vermilion.v1.SpellingService/GetSuggestions", "Ask for the right spellings of one word"),
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


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit status 1 if the page is stale")
    arguments = parser.parse_args()
    named = {example[0] for example in EXAMPLES}
    there = {path.name for path in FOLDER.glob("*.json")}
    if named != there:
        sys.exit(f"tools/examples.py: mentioned or there, but not both: {' '.join(sorted(named ^ there))}")
    page = HEAD + "".join(section(*example) for example in EXAMPLES)
    target = FOLDER / "README.md"
    if not arguments.check:
        target.write_text(page, encoding="utf-8")
    elif not target.exists() or target.read_text(encoding="utf-8") != page:
        sys.exit("docs/examples/README.md is stale: run tools/examples.py")


if __name__ == "__main__":
    main()
