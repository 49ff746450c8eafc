#!/usr/bin/env python3
"""Runs Hunspell's own test suite against the lexicon compiler.

    tools/hunspell_suite.py --vermilion target/release/vermilion FOLDER

FOLDER is `tests/` of a checkout of hunspell/hunspell (nothing of it is part of this repository). For every NAME.aff with
NAME.dic, each word of NAME.good must be accepted and each of NAME.wrong refused. Prints one line a test that does not
hold, and the counts.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile


def charset(aff):
    for line in aff.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines():
        if line.startswith(b"SET "):
            return line.split()[1].decode("ascii").lower().replace("iso8859", "iso-8859").replace("microsoft-", "")
    return "iso-8859-1"


def words(path, encoding):
    if not path.exists():
        return []
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode(encoding, "replace")
    return [word.strip() for word in text.splitlines() if word.strip()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--vermilion", default="target/release/vermilion")
    parser.add_argument("folder", type=pathlib.Path)
    arguments = parser.parse_args()
    hold = fail = unsupported = other = pairs = pairs_held = 0
    for aff in sorted(arguments.folder.glob("*.aff")):
        dic = aff.with_suffix(".dic")
        encoding = charset(aff)
        good, wrong = words(aff.with_suffix(".good"), encoding), words(aff.with_suffix(".wrong"), encoding)
        if not dic.exists() or not good and not wrong:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            lexicon = pathlib.Path(scratch, "lexicon.bin")
            command = [arguments.vermilion, "dictionary", "compile", "--aff", aff, "--dic", dic, "--out", lexicon]
            compiled = subprocess.run(command, capture_output=True, text=True)
            if compiled.returncode != 0:
                message = compiled.stderr.strip().splitlines()[0]
                if "not supported" in message:
                    unsupported += 1
                    print(f"unsupported  {aff.stem}: {message.split(': ')[-1]}")
                else:
                    other += 1
                    print(f"error        {aff.stem}: {message}")
                continue
            command = [arguments.vermilion, "dictionary", "verdicts", "--lexicon", lexicon]
            answer = subprocess.run(command, input="\n".join(good + wrong) + "\n", capture_output=True, text=True)
            verdicts = [line[0] == "+" for line in answer.stdout.splitlines()]
        bad = [word for word, verdict in zip(good, verdicts) if not verdict]
        bad += ["!" + word for word, verdict in zip(wrong, verdicts[len(good) :]) if verdict]
        pairs += len(good) + len(wrong)
        pairs_held += len(good) + len(wrong) - len(bad)
        if bad:
            fail += 1
            print(f"differs      {aff.stem}: {' '.join(bad[:8])}")
        else:
            hold += 1
    print(
        f"{hold} tests hold, {fail} differ, {unsupported} use what is refused as unsupported, {other} are malformed on purpose "
        f"or by our reading; {pairs_held} of {pairs} verdicts agree where the dictionary compiles"
    )


if __name__ == "__main__":
    main()
