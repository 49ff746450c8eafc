#!/usr/bin/env python3
"""Write dictionaries/zh-Hans/readings.tsv: how each Han character is read, its most frequent reading first.

    tools/chinese/fetch.sh FOLDER
    tools/chinese/readings.py FOLDER [MODEL]     (MODEL: the folder of the language model's words)

A character counts if it occurs in a word of the language model, or if it is a Traditional form of one that
does. Its readings are those of the Table of General Standard Characters as Unihan gives them (kTGHZ2013),
with those that were counted in running text (kHanyuPinlu) and the customary one (kMandarin); where there is
none, what pypinyin says.

Order: the share that a reading has in kHanyuPinlu's counts plus its share in the words of the language model,
read by pypinyin's table of phrases and weighed by their probability; CUSTOMARY more for kMandarin's, which decides
where there is hardly evidence and is always kept.

Dropped: a reading with less than SHARE of both, unless a word of some currency has it (大夫, 会计). What is
only met in names, in classical books or in rarer words would pair characters that nobody confounds. A toneless
reading counts only where the table of standard characters has it (的, 了, 子); elsewhere it is how an
unstressed syllable sounds (朋友, 事情), nothing of the character.
"""

import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import inputs

SHARE = 0.01
CURRENT = 10.0**-6
CUSTOMARY = 0.2

HEADER = """
Readings of Chinese characters in pinyin, a digit for the tone (5: none), v for ü; the most frequent first.
Made by tools/chinese/readings.py; sources and licences in dictionaries/SOURCES.md.
"""

TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}


def with_digit(reading):
    """zhōng -> zhong1, lǘ -> lv2, de -> de5, ń (嗯) -> en2; None for a sound that is no syllable (ḿ, hng)."""
    tone, letters = "5", ""
    for char in unicodedata.normalize("NFD", reading):
        if char in TONES:
            tone = TONES[char]
        elif char == "\u0308":
            letters = letters[:-1] + "v"
        elif char == "\u0302":
            pass  # ê is written e
        else:
            letters += "g" if char == "ɡ" else char
    letters = "en" if letters in ("n", "ng") else letters
    return letters + tone if set(letters) & set("aeiouv") else None


def digits(readings):
    return [digit for digit in map(with_digit, readings) if digit]


def counted(value):
    """kHanyuPinlu: `háng(1239) xíng(98)` -> reading -> occurrences."""
    pairs = (entry.rstrip(")").split("(") for entry in value.split())
    return {with_digit(reading): int(count) for reading, count in pairs if with_digit(reading)}


def table(value):
    """kTGHZ2013: `100.020:xíng,hàng 101.010:háng` -> readings in the dictionary's order."""
    return digits(reading for entry in value.split() for reading in entry.split(":")[1].split(","))


def heard_in_words(words, phrases):
    """character -> reading -> (probability of the words that read it so, that of the likeliest)."""
    heard = defaultdict(lambda: defaultdict(lambda: (0.0, 0.0)))
    for word, probability in words.items():
        if len(word) > 1 and word in phrases and len(phrases[word]) == len(word):
            for char, readings in zip(word, phrases[word]):
                reading = with_digit(readings[0])
                total, most = heard[char][reading]
                heard[char][reading] = (total + probability, max(most, probability))
    return heard


def shares(counts, doubt):
    """Each reading's part of the whole; `doubt` is how much the whole must be to be believed by half."""
    total = sum(counts.values()) + doubt
    return {reading: count / total for reading, count in counts.items()}


def readings(char, unihan, single, heard):
    """The readings of a character that matter, most frequent first; none for what is not read."""
    pinlu = counted(unihan["kHanyuPinlu"].get(char, ""))
    standard = table(unihan["kTGHZ2013"].get(char, ""))
    pinlu = {reading: count for reading, count in pinlu.items() if reading in standard or reading[-1] != "5"}
    customary = digits(unihan["kMandarin"].get(char, "").split()[:1])
    known = list(dict.fromkeys([*standard, *customary, *pinlu])) or digits(single.get(char, []))
    if not known:
        return []
    # A table of phrases also writes how tones change in speech (yí gè, bú shì): only known readings count.
    words = {reading: heard[char][reading] for reading in known if reading in heard.get(char, {})}
    in_text, in_words = shares(pinlu, 1), shares({reading: total for reading, (total, _) in words.items()}, CURRENT)
    weight = {reading: in_text.get(reading, 0) + in_words.get(reading, 0) for reading in known}
    for reading in customary:
        weight[reading] += CUSTOMARY
    known.sort(key=lambda reading: -weight[reading])
    return [
        reading
        for place, reading in enumerate(known)
        if place == 0
        or reading in customary
        or max(in_text.get(reading, 0), in_words.get(reading, 0)) >= SHARE
        or words.get(reading, (0, 0))[1] >= CURRENT
    ]


def main():
    folder = Path(sys.argv[1])
    words = inputs.model(*map(Path, sys.argv[2:3]))
    unihan = inputs.unihan(folder, "kHanyuPinlu", "kTGHZ2013", "kMandarin")
    single, phrases = inputs.pypinyin(folder)
    heard = heard_in_words(words, phrases)
    simplified = set(inputs.character_frequencies(words))
    traditional = {
        form for char, forms in inputs.opencc(folder, "STCharacters").items() if char in simplified for form in forms
    }
    lines = []
    for char in sorted(simplified | traditional):
        found = readings(char, unihan, single, heard)
        if found:
            lines.append(f"{char}\t{','.join(found)}")
    inputs.write(inputs.DICTIONARIES / "zh-Hans" / "readings.tsv", HEADER, lines)


if __name__ == "__main__":
    main()
