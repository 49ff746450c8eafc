#!/usr/bin/env python3
"""Write dictionaries/zh-Hant: simplified.tsv, traditional.tsv and phrases.tsv, from OpenCC's tables.

    tools/chinese/fetch.sh FOLDER
    tools/chinese/traditional.py FOLDER [MODEL]     (MODEL: the folder of the language model's words)

simplified.tsv takes Traditional text to Simplified, character for character, so that offsets stay. Every
regional form of a character goes to the same one: 裏 and 裡 to 里, 著 and 着 to 着. Rows of several characters
are the exceptions among words that the language model knows: 乾坤 keeps its 乾, 著名 its 著, 回覆 is 回复.

traditional.tsv gives each Simplified character its Traditional ones, the most usual first, in the forms of
Taiwan: CLDR's likely subtags read `zh-Hant` as `zh-Hant-TW`. Where that makes two into one (纔 is 才, 喫 is 吃)
there is no choice left. A character whose first form makes up SURE of its occurrences in the words of the
language model has that form alone, its other forms being left to phrases.

phrases.tsv says how words are written that hold a character with a choice, or another form than its first;
only words of the language model, and only where shorter rows and first forms do not say the same.
"""

import sys
from collections import Counter, defaultdict
from pathlib import Path

import inputs

SURE = 0.98
# In doubt by the count, but not in fact: 瞭 is only in words that phrases.tsv has (瞭解, 明瞭).
CERTAIN = {"了"}
LONGEST = 4
# A character that stands in Simplified text less than this often for each time that its Simplified form does, is a
# Traditional character that strayed there.
FOREIGN = 0.05

SIMPLIFIED = """
Traditional characters and their Simplified form, then the words in which it is another.
Made by tools/chinese/traditional.py from OpenCC's tables; sources and licences in dictionaries/SOURCES.md.
"""
TRADITIONAL = """
Simplified characters and their Traditional forms, the most usual first; one alone is never in doubt.
Made by tools/chinese/traditional.py from OpenCC's tables; sources and licences in dictionaries/SOURCES.md.
"""
PHRASES = """
Simplified words whose characters have a choice of Traditional forms, and how they are written.
Made by tools/chinese/traditional.py from OpenCC's tables; sources and licences in dictionaries/SOURCES.md.
"""


def convert(text, phrases, characters):
    """Longest phrase first, then characters, as OpenCC does; None stands for a character that has no answer."""
    out, at = [], 0
    while at < len(text):
        for size in range(min(LONGEST, len(text) - at), 1, -1):
            if text[at : at + size] in phrases:
                out += phrases[text[at : at + size]]
                break
        else:
            size = 1
            out.append(characters.get(text[at], text[at]))
        at += size
    return out


def needed(phrases, characters):
    """The phrases that the characters and the shorter ones among them do not already give."""
    kept = {}
    for phrase in sorted(phrases, key=lambda phrase: (len(phrase), phrase)):
        if convert(phrase, kept, characters) != list(phrases[phrase]):
            kept[phrase] = phrases[phrase]
    return kept


def to_simplified(folder, known):
    """Character -> Simplified character, over all regional forms. `known`: how frequent a character is."""
    simple = {}
    for char, forms in inputs.opencc(folder, "TSCharacters").items():
        forms = [form for form in forms if form in known] or [form for form in forms if form <= "\uffff"]
        if forms:
            simple[char] = forms[0]

    def add(form, target):
        # A form that Simplified text has as a character of its own is left alone, unless it is 著.
        rare = known.get(form, 0) < FOREIGN * known.get(target, 0)
        if form not in simple and form != target and (rare or form == "著"):
            simple[form] = target

    # The other forms of a Simplified character, and the regions' own, by way of OpenCC's standard form.
    for char, forms in inputs.opencc(folder, "STCharacters").items():
        for form in forms:
            add(form, char)
    for region in ("TWVariantsRev", "HKVariantsRev"):
        for form, standard in inputs.opencc(folder, region).items():
            add(form, simple.get(standard[0], standard[0]))
    return {char: form for char, form in simple.items() if char != form}


def simplified_exceptions(folder, words, characters):
    """Traditional word -> Simplified word, of the same length, where the characters alone go wrong."""
    rows = {}
    # 著 in 著名, 乾 in 乾坤, 祇 in 神祇: a word that is likelier as it stands than rewritten.
    for word, probability in words.items():
        rewritten = "".join(characters.get(char, char) for char in word)
        if rewritten != word and 1 < len(word) <= LONGEST and probability > words.get(rewritten, 0):
            traditional = "".join(traditional_of(folder, word))
            rows.update({form: word for form in {word, traditional, *regional_forms(folder, traditional)}})
    for phrase, forms in inputs.opencc(folder, "TSPhrases").items():
        if len(phrase) <= LONGEST and len(forms[0]) == len(phrase) and forms[0] in words:
            rows.update({form: forms[0] for form in {phrase, *regional_forms(folder, phrase)}})
    return needed(rows, characters)


def regional_forms(folder, word):
    """A word in OpenCC's standard Traditional as Taiwan and Hong Kong write it."""
    for region in ("TWVariants", "HKVariants"):
        forms = inputs.opencc(folder, region)
        yield "".join(forms.get(char, [char])[0] for char in word)


def traditional_of(folder, word, cache={}):
    """A word in OpenCC's standard Traditional."""
    if not cache:
        cache["characters"] = {char: forms[0] for char, forms in inputs.opencc(folder, "STCharacters").items()}
        cache["phrases"] = {
            phrase: forms[0]
            for phrase, forms in inputs.opencc(folder, "STPhrases").items()
            if len(forms[0]) == len(phrase) <= LONGEST
        }
    return convert(word, cache["phrases"], cache["characters"])


def shares(folder, words, taiwan):
    """Simplified character -> how often each form is meant, over the words of the language model."""
    counts = defaultdict(Counter)
    for word, probability in words.items():
        for char, form in zip(word, traditional_of(folder, word)):
            counts[char][taiwan.get(form, form)] += probability
    return counts


def choices(folder, words, taiwan, simple):
    """Simplified character -> its forms, most usual first; those that are never in doubt have one."""
    counts = shares(folder, words, taiwan)
    rows = {}
    table = inputs.opencc(folder, "STCharacters")
    # What is the same in OpenCC's standard but not in Taiwan (着 is 著 there).
    table.update({char: [char] for char in taiwan if char not in table and char in counts})
    for char, forms in table.items():
        forms = list(dict.fromkeys(taiwan.get(form, form) for form in forms))
        forms = [form for form in forms if simple.get(form, form) == char]
        seen = counts[char]
        forms.sort(key=lambda form: -seen[form])
        if forms and (char in CERTAIN or seen[forms[0]] >= SURE * seen.total() > 0):
            forms = forms[:1]
        if forms and forms != [char] and char in counts:
            rows[char] = forms
    return rows


def phrase_rows(folder, words, taiwan, forms, come_back):
    rows = {}
    for phrase, (form, *_) in inputs.opencc(folder, "STPhrases").items():
        if len(form) == len(phrase) <= LONGEST and phrase in words:
            form = "".join(taiwan.get(char, char) for char in form)
            if come_back(form) == phrase:
                rows[phrase] = form
    certain = {char: choice[0] if len(choice) == 1 else None for char, choice in forms.items()}
    return needed(rows, certain)


def main():
    folder = Path(sys.argv[1])
    words = inputs.model(*map(Path, sys.argv[2:3]))
    known = inputs.character_frequencies(words)
    out = inputs.DICTIONARIES / "zh-Hant"

    simple = to_simplified(folder, known)
    exceptions = simplified_exceptions(folder, words, simple)
    rows = [f"{char}\t{form}" for table in (simple, exceptions) for char, form in sorted(table.items())]
    inputs.write(out / "simplified.tsv", SIMPLIFIED, rows)

    taiwan = {char: forms[0] for char, forms in inputs.opencc(folder, "TWVariants").items()}
    forms = choices(folder, words, taiwan, simple)
    inputs.write(out / "traditional.tsv", TRADITIONAL, [f"{char}\t{''.join(row)}" for char, row in sorted(forms.items())])
    phrases = phrase_rows(folder, words, taiwan, forms, lambda form: "".join(convert(form, exceptions, simple)))
    inputs.write(out / "phrases.tsv", PHRASES, [f"{phrase}\t{form}" for phrase, form in sorted(phrases.items())])


if __name__ == "__main__":
    main()
