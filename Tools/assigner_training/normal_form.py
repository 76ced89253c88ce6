# SPDX-License-Identifier: Apache-2.0
"""The tweet normal form and the hashtag normal form, as in the runtime's `Text` module.

Tests/TextTests/Fixtures/normal_form.jsonl (by Tools/fixtures/normal_form.py) tests that both implementations are equal.
Comments below explain the choices that a rule leaves open.  The order of the steps matters.
"""

import functools
import re
import unicodedata

ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&nbsp;": "\u00a0"}
ENTITY = re.compile("|".join(map(re.escape, ENTITIES)))  # one pass: "&amp;lt;" becomes "&lt;"
# Unicode White_Space, and the control characters (Cc), which count as white space.
SPACE = re.compile("[\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
URL = re.compile(r"https?://|pic\.twitter\.com/", re.IGNORECASE | re.ASCII)
MENTION = re.compile(r"(?<![A-Za-z0-9_])@[A-Za-z0-9_]+")
HASHES = "#\uff03"  # '#' and its full-width form
# Word characters that a hashtag cannot have: parts of an emoji (variation selectors, enclosing marks), and fillers.
UNSEEN = re.compile(
    "[\u034f\u0488\u0489\u115f\u1160\u17b4\u17b5\u180b-\u180f\u1abe\u20dd-\u20e0\u20e2-\u20e4\u3164"
    "\ua670-\ua672\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
ELLIPSES = ("\u2026", "...")


def hashtag_normal_form(tag):
    """NFKC, lower case, and only [0-9a-z_]: the key by which spellings of a hashtag are compared."""
    return re.sub("[^0-9a-z_]", "", unicodedata.normalize("NFKC", tag).strip().lower())


@functools.cache
def is_word_character(character):
    """[0-9A-Za-z_], or a Unicode letter, mark or number."""
    return character == "_" or unicodedata.category(character)[0] in "LMN"


def is_hashtag_character(character):
    """A word character that is visible as part of the word."""
    return is_word_character(character) and not UNSEEN.match(character)


def is_host(text):
    """Whether `text` looks like "example.org" or "10.0.0.1"."""
    labels = text.split(".")
    if len(labels) < 2 or not all(labels):
        return False
    if len(labels) == 4 and all(c in "0123456789" for label in labels for c in label):
        return True
    last = labels[-1]
    return last.startswith("xn--") or (
        2 <= len(last) <= 24 and all(is_word_character(c) and unicodedata.category(c) != "Nd" and c != "_" for c in last))


def address_start(word):
    """The start of the path of an address that is not a URL of the normal form, or the end of the word.

    Such addresses look like "www.example.org/", "example.org?", "example.org:80" or "ftp://".
    """
    start = 0
    for i, character in enumerate(word):
        if is_word_character(character) or character in "-.":
            continue
        host, start, rest = word[start:i], i + 1, word[i + 1:]
        if character in "/?" and is_host(host):
            return i
        if character == ":" and host and rest.startswith("//"):
            return i
        if character == ":" and is_host(host) and rest and unicodedata.category(rest[0]) == "Nd":
            return i
    return len(word)


def hashtag_spans(word):
    """The hashtags of one word as (start, end): `word[start]` is the hash sign, `word[start + 1 : end]` the display form.

    A hash sign opens a hashtag unless it follows a hashtag character or '&', or is part of an address.  It also opens one
    directly after another hashtag ("#a#b" are two).  The hashtag is the longest run of hashtag characters, and must not
    consist of decimal digits alone.
    """
    spans, i = [], 0
    limit = address_start(word)
    while i < limit:
        if word[i] in HASHES:
            before = word[i - 1] if i else ""
            glued = bool(spans) and spans[-1][1] == i
            if glued or not before or not (before == "&" or is_hashtag_character(before)):
                end = i + 1
                while end < len(word) and is_hashtag_character(word[end]):
                    end += 1
                if any(unicodedata.category(c) != "Nd" for c in word[i + 1:end]):
                    spans.append((i, end))
                    i = end
                    continue
        i += 1
    return spans


def is_only_hashtags(word, spans):
    """Whether the word has no letters and numbers except in hashtags, but may have punctuation, symbols or emoji."""
    outside, last = [], 0
    for start, end in spans:
        outside.append(word[last:start])
        last = end
    outside.append(word[last:])
    return bool(spans) and not any(unicodedata.category(c)[0] in "LN" for c in "".join(outside))


def without_hashes(word, spans):
    """The word without the hash signs of its hashtags."""
    starts = {start for start, _ in spans}
    return "".join(c for i, c in enumerate(word) if i not in starts)


def normal_form(text):
    """The tweet as the networks see it, and its hashtags: (text, [display form, …])."""
    text = ENTITY.sub(lambda match: ENTITIES[match[0]], text)
    words = [word for word in SPACE.split(text) if word]
    while len(words) >= 2 and words[0] == "RT" and words[1].startswith("@"):
        words = words[2:]
    words = [word[:match.start()] if (match := URL.search(word)) else word for word in words]
    words = [MENTION.sub("@user", word) for word in words if word]

    spans = [hashtag_spans(word) for word in words]
    # A hashtag before an ellipsis at the end was cut off by a retweet. Its word is removed; complete hashtags in it stay.
    cut = []
    if spans and spans[-1] and words[-1][spans[-1][-1][1]:] in ELLIPSES:
        cut = display_forms(words.pop(), spans.pop()[:-1])

    displays = [tag for word, found in zip(words, spans) for tag in display_forms(word, found)] + cut
    kept = len(words)
    while kept and is_only_hashtags(words[kept - 1], spans[kept - 1]):
        kept -= 1
    kept = kept or len(words)
    text = " ".join(without_hashes(word, found) for word, found in zip(words[:kept], spans))

    hashtags, seen = [], {""}
    for display in displays:
        normal = hashtag_normal_form(display)
        if normal not in seen:
            seen.add(normal)
            hashtags.append(display)
    return text, hashtags


def display_forms(word, spans):
    """The hashtags at `spans` as written."""
    return [word[start + 1:end] for start, end in spans]


def published_input(raw):
    """The text that ASSIGNER's published split gives a model for a raw tweet (its `processed_text`).

    Words with a '#' are removed at the start and at the end; elsewhere only the '#' is removed.  98 % of that split's texts
    are reproduced exactly.  It differs from the normal form for hashtags at the start and before a closing link.  A model
    that is measured on such inputs must be fitted on such inputs.
    """
    words = raw.split()
    first, last = 0, len(words)
    while last > first and "#" in words[last - 1]:
        last -= 1
    while first < last and "#" in words[first]:
        first += 1
    return " ".join(words[first:last]).replace("#", "")
