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
WORD = re.compile("[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
URL = re.compile(r"https?://|pic\.twitter\.com/", re.IGNORECASE | re.ASCII)
MENTION = re.compile(r"(?<![A-Za-z0-9_])@[A-Za-z0-9_]+")
HASHES = "#\uff03"  # '#' and its full-width form
# Letters and marks that a hashtag cannot have: they cannot be seen.
UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\U000e0100-\U000e01ef]")
# What joins the parts of a word inside a hashtag, as in twitter-text: joiners, selectors of letter variants, and the points and
# dashes with which some scripts write one word.
JOINER = re.compile(
    "[\u00b7\u034f\u05be\u05f3\u05f4\u0f0b\u0f0c\u17b4\u17b5\u180b-\u180f\u200c\u200d\u3003\u301c\u309b\u309c\u30a0\u30fb"
    "\ua67e\uff5e\U000e0100-\U000e01ef]")
EAST_ASIAN = re.compile(
    "[\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]")
NAME_CHARACTER = re.compile("[A-Za-z0-9_]")
# The most words of a phrase between two signs, and its most characters with the closing sign.
PHRASE_WORDS, PHRASE_LENGTH = 4, 40
ELLIPSES = ("\u2026", "...")


# What stays in a hashtag: letters, marks and decimal digits of Unicode 14.0 by their general categories, and "_".
KEPT = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd"}


def hashtag_normal_form(tag):
    """The key by which spellings of a hashtag are compared, version 2. It may have no letter: then it is no hashtag."""
    if tag.isascii():
        return re.sub("[^0-9a-z_]", "", tag.lower())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", tag).casefold()).replace("i\u0307", "i")
    return "".join(c for c in folded if c == "_" or is_kept(c))


@functools.cache
def is_kept(character):
    """A letter, mark or decimal digit that stays in a hashtag's normal form."""
    return unicodedata.category(character) in KEPT and not "\ufe00" <= character <= "\ufe0f"


def is_hashtag(normal):
    """Whether a normal form has a letter."""
    return any(map(is_letter, normal))


@functools.cache
def is_letter(character):
    """A letter that can be seen."""
    return unicodedata.category(character)[0] == "L" and not UNSEEN.match(character)


@functools.cache
def is_word_character(character):
    """[0-9A-Za-z_], or a Unicode letter, mark or number."""
    return character == "_" or unicodedata.category(character)[0] in "LMN"


@functools.cache
def is_hashtag_character(character):
    """'_', or a letter, mark or decimal digit that is visible as part of the word."""
    return character == "_" or is_kept(character) and not UNSEEN.match(character)


@functools.cache
def is_inside(character):
    """What may stand inside a hashtag."""
    return is_hashtag_character(character) or bool(JOINER.match(character))


def hashtag_end(text, start):
    """Where the hashtag ends that begins at `start`.  A joiner counts if hashtag characters stand before and after it."""
    end = start
    for i in range(start, len(text)):
        if is_hashtag_character(text[i]):
            end = i + 1
        elif i == start or not JOINER.match(text[i]):
            break
    return end


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


def can_open(word, i):
    """Whether the sign at `i` can open a hashtag by what stands before it."""
    return i == 0 or not (word[i - 1] == "&" or is_hashtag_character(word[i - 1]))


def hashtag_spans(word):
    """The hashtags of one word as (start, end): `word[start]` is the hash sign, `word[start + 1 : end]` the hashtag.

    A hash sign opens a hashtag unless it follows a hashtag character or '&', or is part of an address.  It also opens one
    directly after another hashtag ("#a#b" are two).  The hashtag is the longest run of hashtag characters and the joiners
    inside it, or what stands between two signs, the second of which is then part of the span; it has a letter.
    """
    spans, i = [], 0
    limit = address_start(word)
    while i < limit:
        if word[i] in HASHES and (can_open(word, i) or spans and spans[-1][1] == i):
            closing = closing_sign(word[:limit], i, sum(c in HASHES for c in word[i:]) % 2 == 0)
            end = hashtag_end(word, i + 1) if closing is None else closing + 1
            if any(map(is_letter, word[i:end])):
                spans.append((i, end))
            i = end
        else:
            i += 1
    return spans


def closing_sign(word, sign, is_even):
    """The sign that closes the hashtag opened at `sign`, as on Weibo: "#two words#" (see `joined_phrases`), or None.

    In "#a#b", the second sign opens another hashtag, but closes the first one between East Asian letters if each sign has
    its partner (`is_even`).  East Asian writing may have punctuation between the signs.
    """
    closing = next((i for i in range(sign + 1, min(len(word), sign + PHRASE_LENGTH + 1)) if word[i] in HASHES), None)
    inside = word[sign + 1:closing]
    if closing is None or "@" in inside or not any(map(is_letter, inside)):
        return None
    east_asian = bool(EAST_ASIAN.search(inside))
    is_last = closing + 1 == len(word) or not is_hashtag_character(word[closing + 1])
    if all(c == " " or is_inside(c) for c in inside) and is_hashtag_character(inside[-1]):
        return closing if is_last or east_asian and is_even else None
    return closing if east_asian and is_last else None


def joined_phrases(text):
    """The words of a text, those of a phrase between two hash signs joined to one word with spaces in it.

    Only single spaces and hashtag characters stand between the signs.  The closing sign follows a hashtag character.  After
    it the word ends, or punctuation follows, but East Asian letters may go on.  A last word of one Latin letter closes
    nothing ("#learn C#").
    """
    words = [match.span() for match in WORD.finditer(text)]
    result, number = [], 0
    while number < len(words):
        last = last_word(text, words, number)
        result.append(text[words[number][0]:words[last][1]])
        number = last + 1
    return result


def last_word(text, words, first):
    """The number of the last word of the phrase that the word `first` begins; `first` if it begins none."""
    start, end = words[first]
    sign = max(text.rfind(c, start, end) for c in HASHES)
    before = text[start:max(start, sign)]
    if sign < 0 or not can_open(text[start:end], sign - start) or NAME_CHARACTER.search(before):
        return first
    if sign + 1 == end or not all(map(is_inside, text[sign + 1:end])):
        return first
    for number in range(first + 1, min(len(words), first + PHRASE_WORDS)):
        start, stop = words[number]
        if text[end:start] != " ":
            return first
        end = stop
        closing = next((i for i in range(start, end) if not is_inside(text[i])), None)
        if closing is None:
            continue
        inside = text[sign:closing]
        east_asian = bool(EAST_ASIAN.search(inside))
        is_last = closing + 1 == end or not is_hashtag_character(text[closing + 1])
        good = (text[closing] in HASHES and closing > start and is_hashtag_character(text[closing - 1])
                and closing - sign <= PHRASE_LENGTH and (east_asian or is_last and closing - start > 1)
                and any(map(is_letter, inside)))
        return number if good else first
    return first


def is_only_hashtags(word, spans):
    """Whether the word has no letters and numbers except in hashtags, but may have punctuation, symbols or emoji."""
    outside, last = [], 0
    for start, end in spans:
        outside.append(word[last:start])
        last = end
    outside.append(word[last:])
    return bool(spans) and not any(unicodedata.category(c)[0] in "LN" for c in "".join(outside))


def without_hashes(word, spans):
    """The word without the hash signs of its hashtags.  A closing sign before a word becomes a space."""
    parts, last = [], 0
    for start, end in spans:
        parts += [word[last:start], *(c for c in word[start:end] if c not in HASHES)]
        if word[end - 1] in HASHES and end < len(word) and (word[end] in HASHES or is_hashtag_character(word[end])):
            parts.append(" ")
        last = end
    return "".join(parts) + word[last:]


def normal_form(text):
    """The tweet as the networks see it, and its hashtags: (text, [display form, …])."""
    text = ENTITY.sub(lambda match: ENTITIES[match[0]], text)
    words = joined_phrases(text)
    while len(words) >= 2 and words[0] == "RT" and words[1].startswith("@"):
        words = words[2:]
    words = [word[:match.start()] if (match := URL.search(word)) else word for word in words]
    words = [MENTION.sub("@user", word) for word in words if word]

    spans = [hashtag_spans(word) for word in words]
    # A hashtag before an ellipsis at the end was cut off by a retweet. Its word is removed; complete hashtags in it stay.
    cut = []
    if spans and spans[-1] and words[-1][spans[-1][-1][1] - 1] not in HASHES and words[-1][spans[-1][-1][1]:] in ELLIPSES:
        cut = display_forms(words.pop(), spans.pop()[:-1])

    displays = [tag for word, found in zip(words, spans) for tag in display_forms(word, found)] + cut
    kept = len(words)
    while kept and is_only_hashtags(words[kept - 1], spans[kept - 1]):
        kept -= 1
    kept = kept or len(words)
    text = " ".join(without_hashes(word, found) for word, found in zip(words[:kept], spans))

    hashtags, seen = [], set()
    for display in displays:
        normal = hashtag_normal_form(display)
        if is_hashtag(normal) and normal not in seen:
            seen.add(normal)
            hashtags.append(display)
    return text, hashtags


def display_forms(word, spans):
    """The hashtags at `spans` as written, without what is no character of a hashtag."""
    forms = []
    for start, end in spans:
        characters = "".join(filter(is_inside, word[start:end]))
        first = next(i for i, c in enumerate(characters) if is_hashtag_character(c))
        forms.append(characters[first:hashtag_end(characters, first)])
    return forms


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
