# SPDX-License-Identifier: Apache-2.0
"""Hyper-parameters: one TOML file with a table per stage, single values overridden by `--set stage.key=value`."""

import os
import tomllib


def load(name, overrides=()):
    """Reads the configuration `name` ('default', 'tiny', or the path of a TOML file) and applies the overrides.

    An override must name a key of the file: a misspelt key is an error.
    """
    path = name if name.endswith(".toml") else os.path.join(os.path.dirname(__file__), "config", name + ".toml")
    with open(path, "rb") as file:
        settings = tomllib.load(file)
    for override in overrides:
        key, separator, value = override.partition("=")
        *tables, last = key.split(".")
        table = settings
        for part in tables:
            table = table.get(part, {})
        if not separator or last not in table:
            raise SystemExit(f"--set {override}: {path} has no key {key!r}")
        table[last] = parse(value, table[last])
    return settings


def parse(text, like):
    """Reads `text` as a value of the type of `like`."""
    if isinstance(like, bool):
        return text.lower() in ("1", "true", "yes")
    if isinstance(like, list):
        return tomllib.loads(f"value = {text}")["value"]
    return type(like)(text)
