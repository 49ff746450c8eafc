"""What a Han character looks like: strokes, components and codes; and how alike two of them are.

No image is compared. A decomposition says which components a character has and how they are put together,
down to single strokes; the codes of Cangjie and of the four corners say how it looks from its outline. Each
feature is a number from 0 (nothing in common) to 1 (the same), computed from these alone.
"""

from collections import Counter

import inputs

# Single strokes by kind: across, down, to the left, a dot or to the right, bent. A few components are leaves
# in the decomposition, broken or never taken apart there.
STROKES = {
    **dict.fromkeys("一㇐㇀", "h"),
    **dict.fromkeys("丨㇑亅㇚", "s"),
    **dict.fromkeys("丿㇒㇓㇁", "p"),
    **dict.fromkeys("丶㇔㇏㇃", "d"),
    **dict.fromkeys("乚乛㇆㇛㇗㇕㇇㇂㇉㇠㇌㇝㇊㇖㇈㇎㇜㇋㇙㇅㇢㇍㇄㇡㇘㇣", "z"),
    "之": "dzd",
    "冂": "sz",
    "凵": "zs",
    "艹": "hss",
    "卄": "hss",
    "爫": "pddp",
    "耂": "hshp",
}
DEEPEST = 12
# What each feature counts, fitted by logistic regression to the errors of development sets that sound does not
# explain (the characters that people confounded, against all others that look somewhat alike) and rounded. The
# fit is no matter of the file: made on SIGHAN alone, it covers 810 of the 1,223 errors of the three other sets,
# where these weights cover 829, with equally many candidates.
WEIGHTS = {
    "sequence": 2.5,  # edit similarity of the strokes in writing order
    "components": 2.5,  # strokes in components that both have
    "cangjie": 4.0,  # common subsequence of the Cangjie codes
    "corners": 1.0,  # corners of one kind, by the four-corner code
    "contained": 2.5,  # one is a component of the other: the part of its strokes
    "part": 1.5,  # ... and directly so: a radical was dropped or added
    "exchanged": 3.5,  # all but one component are the same in the same place: the part of their strokes
    "alike": 0.5,  # ... and the strokes of the two that differ are alike
}
# How many times `r...` (repeated) shows its only part; mirrored or turned parts are shown once.
ONCE = ("refh", "refv", "refr", "rot")


class Glyphs:
    """The characters' decompositions and codes, looked up once and kept."""

    def __init__(self, folder):
        self.parts = inputs.decompositions(folder)
        fields = inputs.unihan(folder, "kCangjie", "kFourCornerCode", "kTotalStrokes")
        self.cangjie = fields["kCangjie"]
        self.corners = fields["kFourCornerCode"]
        self.total = fields["kTotalStrokes"]
        self.known = {}

    def __getitem__(self, char):
        return self.component(char)

    def component(self, name):
        """A component by its name; not every one is a character."""
        if name not in self.known:
            self.known[name] = Glyph(name, self)
        return self.known[name]

    def children(self, component):
        """The parts of a component, each as often as it shows; none for a stroke."""
        kind, parts = self.parts.get(component, ("c", []))
        if component in STROKES or component in parts:
            return []
        if kind.startswith("r") and not kind.startswith(ONCE):
            return parts * (int(kind[1]) if kind[1:2].isdigit() else 2)
        return parts


class Glyph:
    """One character or component."""

    def __init__(self, name, glyphs, depth=0):
        self.name = name
        self.layout = glyphs.parts.get(name, ("c",))[0].partition("/")[0]
        known = [] if depth > DEEPEST else glyphs.children(name)
        self.parts = [glyphs.known.get(part) or Glyph(part, glyphs, depth + 1) for part in known]
        if depth == 0:
            glyphs.known[name] = self
        self.sequence = STROKES.get(name) or "".join(part.sequence for part in self.parts) or "?"
        self.kinds = Counter(self.sequence)
        self.strokes = max(len(self.sequence), 1)
        if len(name) == 1 and name in glyphs.total:
            self.strokes = int(glyphs.total[name].split()[0])
        self.within = Counter({name: 1})
        for part in self.parts:
            self.within.update(part.within)
        self.part_names = {part.name for part in self.parts}
        self.cangjie = glyphs.cangjie.get(name, "")
        self.corners = glyphs.corners.get(name, "").split(" ")[0].replace(".", "")


def edit_similarity(one, other):
    """1 - the edit distance of two sequences over the length of the longer."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
    return 1 - row[-1] / max(len(one), len(other), 1)


def common_subsequence(one, other):
    """The length of the longest common subsequence over the length of the longer."""
    row = [0] * (len(other) + 1)
    for left in one:
        before = 0
        for j, right in enumerate(other, 1):
            before, row[j] = row[j], before + 1 if left == right else max(row[j], row[j - 1])
    return row[-1] / max(len(one), len(other), 1)


def shared_strokes(one, other):
    """The strokes in components of two strokes and more that both have, the largest first."""
    left = other.within.copy()

    def walk(glyph):
        if glyph.strokes < 2:
            return 0
        if left[glyph.name] > 0:
            left.subtract(glyph.within)
            return glyph.strokes
        return sum(map(walk, glyph.parts))

    return walk(one)


def exchanged(one, other):
    """The two parts that differ where all else is the same and in the same place; None otherwise."""
    if one.layout != other.layout or len(one.parts) != len(other.parts):
        return None
    differ = [(a, b) for a, b in zip(one.parts, other.parts) if a.name != b.name]
    return differ[0] if len(differ) == 1 and len(one.parts) > 1 else None


def likeness(one, other, least):
    """How alike two characters are, as WEIGHTS have it, or None if that cannot be as much as `least`."""
    most = max(one.strokes, other.strokes)
    few = min(one.strokes, other.strokes)
    score = WEIGHTS["cangjie"] * common_subsequence(one.cangjie, other.cangjie)
    score += WEIGHTS["corners"] * sum(a == b for a, b in zip(one.corners[:4], other.corners[:4])) / 4
    if one.name in other.within or other.name in one.within:
        score += WEIGHTS["contained"] * few / most
        score += WEIGHTS["part"] * (one.name in other.part_names or other.name in one.part_names)
    if swap := exchanged(one, other):
        score += WEIGHTS["exchanged"] * (1 - max(swap[0].strokes, swap[1].strokes) / most)
        score += WEIGHTS["alike"] * edit_similarity(swap[0].sequence, swap[1].sequence)
    # The two dear features come last, and only where the best that they can give would do.
    longest = max(len(one.sequence), len(other.sequence))
    missing = sum((one.kinds - other.kinds).values()), sum((other.kinds - one.kinds).values())
    most_shared = 2 * few / (one.strokes + other.strokes)
    sequence = WEIGHTS["sequence"] * (1 - max(missing) / longest)
    if score + sequence + WEIGHTS["components"] * most_shared < least:
        return None
    shared = min(shared_strokes(one, other), few)
    score += WEIGHTS["components"] * 2 * shared / (one.strokes + other.strokes)
    if score + sequence < least:
        return None
    return score + WEIGHTS["sequence"] * edit_similarity(one.sequence, other.sequence)
