"""Makes synthetic spelling errors in clean Chinese text, for training the verifier.

Two kinds of writers are imitated: one with a pinyin keyboard, who takes the wrong word or character from the list (a homophone,
the frequent ones more often, sometimes with a regional pronunciation), and one who takes a character for another that looks
like it. Output: lines of `as written TAB right`; a given share is left clean, so that the verifier learns what to leave alone.

    noise.py --words m.words --unigrams m.uni --readings readings.tsv --shapes shapes.tsv --lines 20000 --seed 1 TEXT... > out.tsv

Standard library only; the same arguments give the same output.
"""

import argparse
import collections
import random
import re
import struct
import sys

MAX_WORD = 4
ALSO_ALIKE = 4
# Of the slips by shape in a character that has a notorious rival, how many lead to it.
NOTORIOUS_SHARE = 0.6
HAN = re.compile("[\u4e00-\u9fff]")
HEARD_AFTER_F = {"ui": "ei", "ua": "a", "uan": "an", "uang": "ang", "un": "en"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words", required=True, help="the model's vocabulary, one word a line")
    parser.add_argument("--unigrams", required=True, help="f32 log10 probability and f32 back-off of each word")
    parser.add_argument("--readings", required=True)
    parser.add_argument("--shapes", required=True)
    parser.add_argument("--notorious", help="sets of characters that are often written for each other")
    parser.add_argument("--trade", nargs="*", default=[], help="words with log10 of their probability, which the model has as well")
    parser.add_argument("--lines", type=int, required=True, help="sentences taken from each text")
    parser.add_argument("--clean", type=float, default=0.5, help="share of sentences left as they are")
    parser.add_argument("--fold", default="0/1", help="K/N: only lines whose number modulo N is K")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("texts", nargs="+")
    return parser.parse_args()


def toneless(syllable):
    return syllable.rstrip("012345")


def fuzzy(syllable):
    """The syllable as speakers of many regions hear it; the classes of readings.rs."""
    syllable = re.sub("^([zcs])h", r"\1", toneless(syllable))
    syllable = re.sub("^[nr](?=[aeiouv])", "l", syllable)
    syllable = re.sub("^f", "h", syllable)
    # After f no syllable has the u that h has there.
    syllable = re.sub("^h(ui|ua|uan|uang|un)$", lambda match: "h" + HEARD_AFTER_F[match[1]], syllable)
    return re.sub("(a|e|i)ng$", r"\1n", syllable)


class Lexicon:
    """Words with their frequency and sound."""

    def __init__(self, options):
        with open(options.words, encoding="utf-8") as file:
            words = file.read().split("\n")[:-1]
        with open(options.unigrams, "rb") as file:
            packed = file.read()
        self.log10 = {word: struct.unpack_from("<f", packed, 8 * i)[0] for i, word in enumerate(words) if i > 0}
        for path in getattr(options, "trade", []):
            for word, log10 in self._table(path, float):
                self.log10[word] = max(self.log10.get(word, -9.0), log10)
        self.readings = dict(self._table(options.readings, lambda field: field.split(",")[:2]))
        self.shapes = dict(self._table(options.shapes, list))
        self.notorious = collections.defaultdict(list)
        if getattr(options, "notorious", None):
            with open(options.notorious, encoding="utf-8") as file:
                for characters in (word for line in file if not line.startswith("#") for word in line.split()):
                    for c in characters:
                        self.notorious[c] += [other for other in characters if other != c]
        self.frequent = [word for word, log10 in self.log10.items() if len(word) == 1 and log10 > -4.5 and HAN.match(word)]
        self.by_sound = {key: collections.defaultdict(list) for key in (str, toneless, fuzzy)}
        for word in self.log10:
            if len(word) <= MAX_WORD and all(c in self.readings for c in word):
                for key, groups in self.by_sound.items():
                    groups[self.sound(word, key)].append(word)

    @staticmethod
    def _table(path, parse):
        with open(path, encoding="utf-8") as file:
            for line in file:
                fields = line.rstrip("\n").split("\t")
                if len(fields) > 1 and not line.startswith("#"):
                    yield fields[0], parse(fields[1])

    def sound(self, word, key):
        return tuple(key(self.readings[c][0]) for c in word)

    def segment(self, text):
        """The most probable words by unigrams."""
        best = [(0.0, 0)]
        for end in range(1, len(text) + 1):
            options = []
            for start in range(max(0, end - MAX_WORD), end):
                log10 = self.log10.get(text[start:end], -8.0 if end - start == 1 else None)
                if log10 is not None:
                    options.append((best[start][0] + log10, start))
            best.append(max(options))
        words, end = [], len(text)
        while end > 0:
            start = best[end][1]
            words.append((start, text[start:end]))
            end = start
        return [(start, word) for start, word in words if all(c in self.readings for c in word)]


class Noise:
    """Writes one thing for another."""

    def __init__(self, lexicon, rng):
        self.lexicon = lexicon
        self.rng = rng

    def pick(self, options, word, flatness):
        options = [option for option in options if option != word]
        if not options:
            return None
        # What sounds alike and looks alike, too, is taken for the other all the more.
        shapes = self.lexicon.shapes.get(word, ())
        weights = [10 ** (flatness * self.lexicon.log10[o]) * (ALSO_ALIKE if o in shapes else 1) for o in options]
        return self.rng.choices(options, weights)[0]

    def homophone(self, word, flatness):
        key = self.rng.choices((str, toneless, fuzzy), (0.3, 0.56, 0.14))[0]
        return self.pick(self.lexicon.by_sound[key][self.lexicon.sound(word, key)], word, flatness)

    def slip(self, word):
        """One wrong version of a word, or None."""
        kind = self.rng.random()
        if len(word) > 1 and kind < 0.36:
            return self.homophone(word, self.rng.choice((0.5, 0.9)))
        at = self.rng.randrange(len(word))
        if kind < 0.80:
            wrong = self.homophone(word[at], self.rng.choice((0.25, 0.5, 0.8)))
        elif kind < 0.95:
            similar = [c for c in self.lexicon.shapes.get(word[at], []) if self.lexicon.log10.get(c, -9.0) > -6.3]
            if self.lexicon.notorious[word[at]] and self.rng.random() < NOTORIOUS_SHARE:
                similar = self.lexicon.notorious[word[at]]
            wrong = self.pick(similar, word[at], 0.3)
        else:
            # What no confusion set explains: the verifier must also see errors whose right form is not on offer.
            wrong = self.rng.choice(self.lexicon.frequent)
        return wrong and word[:at] + wrong + word[at + 1 :]

    def corrupt(self, text):
        words = self.lexicon.segment(text)
        if not words:
            return text
        written = list(text)
        rate = 1 + (self.rng.random() < 0.33) + (self.rng.random() < 0.12)
        # Writers err in words of meaning more often than in the most frequent ones.
        weights = [min(-self.lexicon.log10.get(word, -6.0), 6.0) ** 2 * len(word) for _, word in words]
        for _ in range(rate):
            for _ in range(10):
                start, word = self.rng.choices(words, weights)[0]
                wrong = self.slip(word)
                if wrong:
                    written[start : start + len(word)] = wrong
                    break
        return "".join(written)


def usable(line):
    return 5 <= len(line) <= 140 and len(HAN.findall(line)) >= 0.6 * len(line) and "\t" not in line


def main():
    options = arguments()
    rng = random.Random(options.seed)
    noise = Noise(Lexicon(options), rng)
    remainder, folds = map(int, options.fold.split("/"))
    for path in options.texts:
        with open(path, encoding="utf-8") as file:
            lines = [line.strip() for number, line in enumerate(file) if number % folds == remainder]
        lines = sorted(set(filter(usable, lines)))
        rng.shuffle(lines)
        for line in lines[: options.lines]:
            written = line if rng.random() < options.clean else noise.corrupt(line)
            sys.stdout.write(f"{written}\t{line}\n")


if __name__ == "__main__":
    main()
