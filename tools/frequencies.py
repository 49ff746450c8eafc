#!/usr/bin/env python3
"""Write dictionaries/{en,pt}/frequencies.tsv from the word frequencies of wordfreq.

    python3 -m pip install wordfreq==3.1.1
    python3 tools/frequencies.py [FOLDER]        (FOLDER: the dictionaries folder, by default ours)

One line per word, `word TAB z`, where z = 100 x the Zipf frequency (log10 of the occurrences per
billion words): 773 is "the", 100 is once in a hundred million words. Ordered by falling frequency,
then by code point. The lines hold wordfreq's `large` list, in NFC, without

  - tokens that are not a word in Latin letters: digits, full stops, emoji, other scripts. A word is
    letters, with apostrophes or hyphens only between letters. The data is lower case, and its
    tokenizer has already split words at hyphens, so that no hyphen occurs in it;
  - what is rarer than the 200,000 most frequent: words of one frequency are kept or left out
    together, so that no word is lost for its place in the alphabet.

wordfreq keeps frequencies as whole centibels, so that z is exact. The same version gives the same
bytes; dictionaries/SHA256SUMS holds their sums. The data, and so the two files, are under
CC BY-SA 4.0: see LICENSE and NOTICE beside them. This script is under Apache-2.0.
"""

import re
import sys
import unicodedata
from importlib.metadata import version
from pathlib import Path

from wordfreq import get_frequency_list

WORDFREQ = "3.1.1"
LANGUAGES = ("en", "pt")
MOST = 200_000


def is_letter(char):
    # The two ordinal indicators (nº, ª) are Latin letters whose names do not say so.
    return char in "ªº" or (char.isalpha() and unicodedata.name(char).startswith("LATIN "))


def is_word(token):
    return all(part and all(map(is_letter, part)) for part in re.split("['-]", token))


def frequencies(language):
    """The (z, words) pairs of a language, most frequent first, cut at MOST words."""
    seen = set()
    # The list's index n holds the words of frequency 10^(-n/100).
    for centibels, tokens in enumerate(get_frequency_list(language, wordlist="large")):
        words = {unicodedata.normalize("NFC", token) for token in tokens} - seen
        words = sorted(filter(is_word, words))
        if len(seen) + len(words) > MOST:
            return
        seen.update(words)
        yield 900 - centibels, words


def main():
    if version("wordfreq") != WORDFREQ:
        sys.exit(f"wordfreq {WORDFREQ} is wanted, {version('wordfreq')} is installed")
    default = Path(__file__).resolve().parent.parent / "dictionaries"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    for language in LANGUAGES:
        lines = [f"{word}\t{z}\n" for z, words in frequencies(language) for word in words]
        path = folder / language / "frequencies.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes("".join(lines).encode())
        print(f"{language}: {len(lines)} words, down to {lines[-1].split()[1]}")


if __name__ == "__main__":
    main()
