"""Counts the words of the trade and writes dictionaries/zh-Hans/source/trade-words.tsv.

    trade.py --words m.words --unigrams m.uni --new-words NEW.tsv FOLDER > trade-words.tsv

FOLDER has a folder for each variety (zh-Hans, zh-TW, zh-HK) with texts `PROJECT.txt`, a sentence a line. NEW.tsv are lines that begin
with `word TAB count`: strings that the texts have often, and in several projects, and the model not. The best reading of each line by
unigrams is counted. A word is of the trade if the model hardly knows it, several projects have it, and it is not likely to be a slip
for another: one that differs in one character, sounds or looks alike, and is far more frequent. --excluded lists the last.

Its probability is the mean of those in Simplified and Traditional texts, times a share that says how much of what is checked is of
the trade. Standard library only; the same texts give the same file.
"""

import argparse
import collections
import math
import os
import re
import sys

import inputs
from noise import Lexicon, fuzzy

SHARE = 0.3
# What the model thinks of a word that it hardly knows: log10.
HARDLY_KNOWN = -5.0
LEAST_COUNT, LEAST_PROJECTS = 8, 2
# How much more frequent a word is that another is a slip for.
SLIP_FACTOR = 40
LONGEST = 6
# Characters of strings that are no words but pieces of phrases.
FUNCTION = set("的是在了和与或及将为被把从对由以到中上下个这那其该本此若如可会要不已请您你我他也都就还再又未无有没则并而所之等时至必须仅进新")
HAN = re.compile("[\u4e00-\u9fff]+")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words")
    parser.add_argument("--unigrams")
    parser.add_argument("--new-words")
    parser.add_argument("--without", default="", help="projects that are not counted, to measure on them")
    parser.add_argument("--excluded", help="a file for the words that may be slips, and for what")
    parser.add_argument("--readings", default=str(inputs.DICTIONARIES / "zh-Hans" / "readings.tsv"))
    parser.add_argument("--shapes", default=str(inputs.DICTIONARIES / "zh-Hans" / "shapes.tsv"))
    parser.add_argument("--join", help="a folder for the texts as train.sh takes them: trade-hans.txt, and trade-hant.txt in Simplified characters")
    parser.add_argument("folder")
    return parser.parse_args()


def project(name):
    """The texts of one project in several parts are one."""
    for prefix in ("aosp", "lineage"):
        if name.startswith(prefix):
            return "aosp"
    merged = {"home-assistant-frontend": "home-assistant", "chrome-devtools": "chromium"}
    merged |= {"yudao-ui": "ruoyi", "ruoyi-vue-pro": "ruoyi"}
    return merged.get(name, re.sub("-(cn|tw|hk)$", "", name))


def simplified_characters():
    rows = (line.rstrip("\n").split("\t") for line in open(inputs.DICTIONARIES / "zh-Hant" / "simplified.tsv", encoding="utf-8"))
    return {ord(row[0]): row[1] for row in rows if len(row) == 2 and len(row[0]) == 1}


def segment(text, log10):
    """The words of the best reading, in any order."""
    best, back = [0.0] * (len(text) + 1), [0] * (len(text) + 1)
    for end in range(1, len(text) + 1):
        highest, at = -1e9, end - 1
        for start in range(end - 1, max(-1, end - LONGEST), -1):
            value = log10.get(text[start:end], -8.0 if end - start == 1 else None)
            if value is not None and best[start] + value > highest:
                highest, at = best[start] + value, start
        best[end], back[end] = highest, at
    end = len(text)
    while end > 0:
        yield text[back[end] : end]
        end = back[end]


def texts(options):
    """Variety, name and lines of each text."""
    skipped = set(options.without.split(","))
    for variety in sorted(os.listdir(options.folder)):
        for name in sorted(os.listdir(os.path.join(options.folder, variety))):
            name, _ = os.path.splitext(name)
            if name not in skipped:
                with open(os.path.join(options.folder, variety, name + ".txt"), encoding="utf-8") as file:
                    yield variety, name, file


def counts(options, log10):
    """(variety, project) -> word -> count."""
    found, known, table = collections.defaultdict(collections.Counter), {}, simplified_characters()
    for variety, name, lines in texts(options):
        words = found[variety, project(name)]
        for run in (run.translate(table) for line in lines for run in HAN.findall(line)):
            reading = known.get(run)
            if reading is None:
                reading = list(segment(run, log10))
                if len(run) <= 12:
                    known[run] = reading
            words.update(reading)
    return found


def join(options):
    table = simplified_characters()
    with (
        open(os.path.join(options.join, "trade-hans.txt"), "w", encoding="utf-8") as simplified,
        open(os.path.join(options.join, "trade-hant.txt"), "w", encoding="utf-8") as traditional,
    ):
        for variety, _, lines in texts(options):
            if variety == "zh-Hans":
                simplified.writelines(lines)
            else:
                traditional.writelines(line.translate(table) for line in lines)


class Slips:
    """What a word may be a slip for."""

    def __init__(self, lexicon, total):
        self.lexicon, self.total = lexicon, total
        self.by_gap = collections.defaultdict(list)
        for word, count in total.items():
            if len(word) > 1 and count >= LEAST_COUNT:
                for at in range(len(word)):
                    self.by_gap[word[:at], word[at + 1 :]].append(word)

    def alike(self, one, other):
        sounds = [{fuzzy(syllable) for syllable in self.lexicon.readings.get(c, ())} for c in (one, other)]
        return bool(sounds[0] & sounds[1]) or other in self.lexicon.shapes.get(one, ())

    def source(self, word):
        """The most frequent word that this may be a slip for, or None."""
        rivals = []
        for at in range(len(word)):
            for other in self.by_gap[word[:at], word[at + 1 :]]:
                if other != word and self.total[other] >= SLIP_FACTOR * self.total[word] and self.alike(word[at], other[at]):
                    rivals.append((self.total[other], other))
        return max(rivals, default=(0, None))[1]


def main():
    options = arguments()
    if options.join:
        return join(options)
    lexicon = Lexicon(options)
    typos = inputs.DICTIONARIES / "zh-Hans" / "source" / "vocabulary-typos.txt"
    misspelt = {line.split("\t")[0] for line in open(typos, encoding="utf-8") if not line.startswith("#")}
    known = {word: log10 for word, log10 in lexicon.log10.items() if word not in misspelt}
    with open(options.new_words, encoding="utf-8") as file:
        new = {row[0]: int(row[1]) for row in (line.split("\t") for line in file) if row[1].isdigit()}
    weights = known | {word: max(known.get(word, -9.0), math.log10(count / 8e6)) for word, count in new.items()}
    found = counts(options, weights)
    total, projects = collections.Counter(), collections.Counter()
    # The two scripts, with the number of words in each.
    scripts = [collections.Counter(), collections.Counter()]
    by_project = collections.defaultdict(collections.Counter)
    for (variety, name), words in found.items():
        total.update(words)
        scripts[variety != "zh-Hans"].update(words)
        by_project[name].update(words)
    for words in by_project.values():
        projects.update(words.keys())
    sizes = [sum(words.values()) for words in scripts]
    slips = Slips(lexicon, total)
    rows, excluded = [], []
    for word, count in sorted(total.items()):
        if not 2 <= len(word) <= LONGEST or known.get(word, -9.0) > HARDLY_KNOWN or word in misspelt:
            continue
        if count < LEAST_COUNT or projects[word] < LEAST_PROJECTS:
            continue
        if word not in known and FUNCTION & set(word):
            continue
        if right := slips.source(word):
            excluded.append((count, word, right))
            continue
        share = SHARE * sum(words[word] / max(1, size) for words, size in zip(scripts, sizes)) / 2
        rows.append(f"{word}\t{min(-3.0, max(-6.0, math.log10(share))):.2f}")
    print("# Words of products, support and devices that the language model hardly knows, and log10 of their probability.")
    print("# Made by tools/chinese/trade.py from counts; sources and licences in dictionaries/SOURCES.md.")
    sys.stdout.writelines(row + "\n" for row in rows)
    if options.excluded:
        with open(options.excluded, "w", encoding="utf-8") as file:
            file.writelines(f"{count}\t{word}\t{right}\n" for count, word, right in sorted(excluded, reverse=True))


if __name__ == "__main__":
    main()
