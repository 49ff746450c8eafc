#!/usr/bin/env python3
"""Write dictionaries/zh-Hans/shapes.tsv: for each Han character those that are written for it, or it for them.

    tools/chinese/fetch.sh FOLDER
    tools/chinese/shapes.py FOLDER [MODEL]     (MODEL: the folder of the language model's words)

A row says: where this character stands, one of these may have been meant. So the order is not by likeness
alone: what is likelier meant comes first, likeness and the frequency of the candidate together. Each step of
ten in frequency counts as FREQUENCY, which the same fit gave as the weights of `glyphs.likeness`.

Rows are for the characters of the language model, candidates from those of them that are not RARE. Kept are
all that reach ENOUGH, and the first FEWEST of those that reach BARELY, at most MOST in all. Pairs of the
development sets are not looked at; they only chose the numbers. Takes some minutes.
"""

import math
import sys
from collections import defaultdict
from pathlib import Path

import inputs
from glyphs import Glyphs, likeness

FREQUENCY = 2.0
RARE = 10**-6.2
ENOUGH = -0.5
BARELY = -2.0
FEWEST = 4
MOST = 12
# Pairs are compared if they share a component with so much of the strokes of both, or else if so few strokes
# differ in kind.
SHARED = 0.3
DIFFERENT = 0.22

HEADER = """
Han characters that look alike: a character, then what may have been meant, likeliest first.
Made by tools/chinese/shapes.py; sources and licences in dictionaries/SOURCES.md.
"""


class Neighbours:
    """Finds what may look like a character, roughly, without comparing it with all others."""

    def __init__(self, glyphs, candidates):
        self.by_component = defaultdict(set)
        self.by_kinds = defaultdict(list)
        self.glyphs = glyphs
        for char in candidates:
            glyph = glyphs[char]
            self.by_kinds[self.kinds(glyph)].append(char)
            for name in glyph.within:
                if glyphs.component(name).strokes >= max(2, SHARED * glyph.strokes):
                    self.by_component[name].add(char)

    @staticmethod
    def kinds(glyph):
        return tuple(glyph.kinds[kind] for kind in "hspdz")

    def of(self, char):
        glyph = self.glyphs[char]
        found = set()
        for name in glyph.within:
            if self.glyphs.component(name).strokes >= SHARED * glyph.strokes:
                found |= self.by_component.get(name, set())
        kinds = self.kinds(glyph)
        for others, chars in self.by_kinds.items():
            if sum(map(abs, map(int.__sub__, kinds, others))) <= DIFFERENT * (sum(kinds) + sum(others)):
                found.update(chars)
        return found - {char}


def ranked(char, neighbours, glyphs, worth):
    """(score, candidate) of all that reach BARELY, best first; worth: what a candidate's frequency counts."""
    scores = []
    for other in neighbours.of(char):
        score = likeness(glyphs[char], glyphs[other], BARELY - worth[other])
        if score is not None and score + worth[other] >= BARELY:
            scores.append((-round(score + worth[other], 6), other))
    return [(-score, other) for score, other in sorted(scores)]


def main():
    folder = Path(sys.argv[1])
    frequency = inputs.character_frequencies(inputs.model(*map(Path, sys.argv[2:3])))
    worth = {char: FREQUENCY * math.log10(share) for char, share in frequency.items() if share > RARE}
    glyphs = Glyphs(folder)
    neighbours = Neighbours(glyphs, sorted(worth))
    lines = []
    for char in sorted(frequency):
        best = ranked(char, neighbours, glyphs, worth)[:MOST]
        kept = [other for place, (score, other) in enumerate(best) if score >= ENOUGH or place < FEWEST]
        if kept:
            lines.append(f"{char}\t{''.join(kept)}")
    inputs.write(inputs.DICTIONARIES / "zh-Hans" / "shapes.tsv", HEADER, lines)


if __name__ == "__main__":
    main()
