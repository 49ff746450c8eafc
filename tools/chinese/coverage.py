#!/usr/bin/env python3
"""How many wrongly written characters a table of shapes has the right one for.

    tools/chinese/coverage.py SHAPES.tsv... -- WRITTEN-RIGHT.tsv...

The lines of the second kind are `as written TAB right`, equally long. Counted are the characters that differ
and do not sound alike: no reading of the one is a reading of the other, tones aside and with z/zh, c/ch, s/sh,
n/l, r/l, f/h, an/ang, en/eng and in/ing taken for the same (dictionaries/zh-Hans/readings.tsv).
"""

import re
import sys
from collections import Counter
from pathlib import Path

import inputs

MERGED = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "r": "l", "f": "h"}


def table(path):
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t")[:2] for line in lines if line and not line.startswith("#"))


def merged(reading):
    initial, final = re.fullmatch(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)([a-z]+)\d?", reading).groups()
    return MERGED.get(initial, initial) + re.sub("(an|en|in)g$", r"\1", final)


def errors(path, sounds):
    """(written, right) -> how often, of the pairs that sound does not explain."""
    counts = Counter()
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        written, right = line.split("\t")
        for pair in zip(written, right) if len(written) == len(right) else ():
            if pair[0] != pair[1] and all(map(inputs.is_han, pair)):
                counts[pair] += not set.intersection(*(sounds.get(char, {char}) for char in pair))
    return counts


def main():
    split = sys.argv.index("--")
    readings = table(inputs.DICTIONARIES / "zh-Hans" / "readings.tsv")
    sounds = {char: set(map(merged, row.split(","))) for char, row in readings.items()}
    sets = {Path(path).stem: errors(path, sounds) for path in sys.argv[split + 1 :]}
    for path in sys.argv[1:split]:
        shapes = table(path)
        mean = sum(map(len, shapes.values())) / len(shapes)
        print(f"{path}: {len(shapes)} rows of {mean:.2f} candidates")
        for name, counts in sets.items():
            covered = sum(count for (written, right), count in counts.items() if right in shapes.get(written, ""))
            print(f"  {name}: {covered} of {counts.total()} ({covered / max(1, counts.total()):.1%})")


if __name__ == "__main__":
    main()
