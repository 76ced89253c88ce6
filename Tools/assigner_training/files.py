# SPDX-License-Identifier: Apache-2.0
"""Small file helpers: atomic writes of files and folders, and rows of JSON, plain or gzip."""

import contextlib
import gzip
import json
import os
import shutil


@contextlib.contextmanager
def written_atomically(path, mode="w"):
    """Opens a file beside `path`, and renames it to `path` when it is complete: a killed stage leaves no partial file."""
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    partial = path + ".partial"
    options = {} if "b" in mode else {"encoding": "utf-8", "newline": "\n"}
    with open(partial, mode, **options) as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)


@contextlib.contextmanager
def folder_written_atomically(folder):
    """Yields an empty folder beside `folder`, and renames it when it is complete: a reader finds the old or the new one."""
    partial, old = folder.rstrip("/") + ".partial", folder.rstrip("/") + ".old"
    shutil.rmtree(partial, ignore_errors=True)
    os.makedirs(partial)
    yield partial
    shutil.rmtree(old, ignore_errors=True)
    if os.path.exists(folder):
        os.rename(folder, old)
    os.rename(partial, folder)
    shutil.rmtree(old, ignore_errors=True)


def read_rows(path):
    """Yields the JSON objects of a .jsonl or .jsonl.gz file; an error names the file and the line."""
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    yield json.loads(line)
                except ValueError as error:
                    raise SystemExit(f"{path}:{number}: {error}") from None


def write_rows(path, rows):
    """Writes JSON objects, one a line, atomically.  Returns their number."""
    count = 0
    with written_atomically(path) as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count
