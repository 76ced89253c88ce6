# SPDX-License-Identifier: Apache-2.0
"""Writes the results as Markdown and as a picture."""

import os
import platform
import re
import statistics
from importlib import metadata

PACKAGES = ["onnxruntime", "ctranslate2", "faiss-cpu", "torch", "transformers"]
FLAGS = ["avx2", "fma", "avx_vnni", "avx512f", "avx512bw", "avx512_vnni", "amx_int8", "asimddp", "i8mm"]


def machine():
    """Lines about the machine and the packages."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        text = file.read()
    name = re.search(r"^model name\s*: (.*)$", text, re.M)
    flags = re.search(r"^(?:flags|Features)\s*: (.*)$", text, re.M)
    known = [flag for flag in FLAGS if flags and flag in flags.group(1).split()]
    versions = ", ".join(f"{package} {metadata.version(package)}" for package in PACKAGES)
    processor = name.group(1) if name else platform.machine()
    return [f"- {processor}, {os.cpu_count()} processors, {' '.join(known) or 'no vector flags'}",
            f"- Linux {platform.release()}, Python {platform.python_version()}",
            f"- load (running or waiting processes, mean of the last minute): {os.getloadavg()[0]:.1f}",
            f"- {versions}"]


def milliseconds(seconds):
    value = 1000 * statistics.median(seconds)
    return f"{value:.2f}" if value < 100 else f"{value:,.0f}"


def table(rows):
    """The Markdown table with a row for each comparison."""
    lines = ["| work | peer | ours, ms | theirs, ms | ratio | range of the rounds | target | GMAC/s ours, theirs |",
             "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for row in rows:
        ratio = f"{row.ratio:.2f}×" if row.ratio < 10 else f"{row.ratio:.0f}×"
        digits = 2 if row.ratio < 10 else 0
        spread = f"{min(row.ratios):.{digits}f}–{max(row.ratios):.{digits}f}"
        speeds = [f"{row.multiply_adds / statistics.median(seconds) / 1e9:.0f}" for seconds in (row.ours, row.theirs)]
        met = f"**{ratio}**" if row.ratio >= row.target else f"{ratio}, missed"
        lines.append(f"| {row.work} | {row.peer} | {milliseconds(row.ours)} | {milliseconds(row.theirs)} | {met} | {spread} "
                     f"| {row.target:g}× | {', '.join(speeds) if row.multiply_adds else ''} |")
    return lines


def facts_table(facts):
    """The table of our own figures that have a bound. A negative bound is a minimum."""
    lines = ["| assigner alone | | bound | |", "| --- | ---: | ---: | --- |"]
    for fact in facts:
        met = fact.value >= -fact.bound if fact.bound < 0 else fact.value <= fact.bound
        value = f"{fact.value:.1f} {fact.unit}"
        lines.append(f"| {fact.work} | {f'**{value}**' if met else value + ', missed'} "
                     f"| {'at least' if fact.bound < 0 else 'at most'} {abs(fact.bound):g} {fact.unit} | {fact.notes} |")
    return lines


def markdown(parts, command, kernels, description):
    """The whole page. `description`: the lines of `machine()`."""
    rows = [row for part in parts for row in part.rows]
    facts = [fact for part in parts for fact in part.facts]
    out = ["# Side by side", "",
           "assigner and its peers run alternately, on one thread each, with the same weights and inputs. A ratio is the peer's",
           "time divided by ours, the median over the rounds. Times are processor times, so other programs on the machine",
           "hardly matter. Absolute times say little about other machines, or about this one when it is idle.", "",
           f"Made by `{command}`:", "", *description, f"- kernels: {kernels}", "", "![Ratios](RESULTS.svg)", "",
           *table(rows), ""]
    out += [f"- {row.work}: {row.notes}" for row in rows if row.notes] + [""] * any(row.notes for row in rows)
    if facts:
        out += [*facts_table(facts), ""]
    profiles = {title: text for part in parts for title, text in part.profile.items()}
    if profiles:
        out += ["## Where the time goes", ""]
        for title, text in profiles.items():
            out += [f"{title}:", "", "```", text, "```", ""]
    return "\n".join(out).rstrip() + "\n"


def picture(parts):
    """The chart of the ratios and their targets, as arguments of `charts.save`."""
    rows = [row for part in parts for row in part.rows]
    bars = [(row.work, row.ratio, row.target) for row in rows]
    return {"kind": "bars", "title": "Their time over ours", "bars": bars, "unit": "×"}
