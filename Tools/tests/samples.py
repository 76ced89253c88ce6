# SPDX-License-Identifier: Apache-2.0
"""Our own tweets for the tests: invented places and events in a few sentence patterns."""

import itertools
import json

PLACES = ["Millbrook", "Port Adler", "Ashford Vale", "Rio Claro", "Kestrel Bay", "Nadir Hills"]
EVENTS = [("flood", "Flood"), ("wildfire", "Fire"), ("earthquake", "Quake"), ("storm", "Storm")]
PATTERNS = [
    "The {event} near {place} has closed the main road #{tag} #{placetag}",
    "RT @relief_desk: volunteers needed in {place} tonight #{tag} #volunteer",
    "Our shelter in #{placetag} still has beds and warm food for {event} victims #{tag}",
    "Power is out across {place} after the {event}, stay safe everyone #{tag} #{placetag} #power",
    "Water, blankets and medicine reach {place} https://example.org/{placetag} #{tag} #relief",
]


def rows():
    """About 120 raw tweets.  Every tenth tweet is repeated almost word for word, and one is marked near_dev."""
    out = []
    for place, (event, suffix), pattern in itertools.product(PLACES, EVENTS, PATTERNS):
        placetag = place.replace(" ", "")
        text = pattern.format(place=place, event=event, placetag=placetag, tag=placetag + suffix)
        out.append({"text": text, "event": f"{placetag}_{event}"})
        if len(out) % 10 == 0:
            out.append({"text": "RT @echo: " + text, "event": f"{placetag}_{event}", "rt": True})
    out[3]["near_dev"] = True
    return out


def write(path, these):
    with open(path, "w", encoding="utf-8") as file:
        for row in these:
            file.write(json.dumps(row) + "\n")
