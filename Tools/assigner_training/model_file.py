# SPDX-License-Identifier: Apache-2.0
"""Reads the program's model file: the container that Sources/ModelFile/ContainerLayout.swift describes, version 1.

Returns sections as arrays and texts, follows aliases, and unpacks the matrices of linear layers to rows and columns.
`assigner verify` checks the checksums.
"""

import json
import struct

import lz4.frame
import numpy

TYPES = {1: "<u1", 2: "<i1", 3: "<u2", 4: "<i2", 5: "<u4", 6: "<i4", 7: "<u8", 8: "<i8", 9: "<f4"}
HEADER, ENTRY = struct.Struct("<8s4I4Q"), struct.Struct("<6I9Q")
TABLE = 64  # offset of the section table
MARKER, VERSION, MODEL = 0x01020304, 1, 1


class ModelFile:
    """The sections of a model file by name.  A file that violates the format ends the program with a message that names it."""

    def __init__(self, path):
        self.path = path
        self.bytes = numpy.memmap(path, mode="r")
        head = self.bytes[:HEADER.size].tobytes()
        if len(head) < HEADER.size or head[:8] != b"ASSIGNER":
            self.fail("is not a file of this program")
        _, marker, version, kind, count, table, _, size, _ = HEADER.unpack(head)
        if marker != MARKER or version != VERSION or kind != MODEL:
            self.fail(f"is not a model of format version {VERSION}")
        if table != TABLE or size != len(self.bytes) or TABLE + count * ENTRY.size > size:
            self.fail("is damaged or cut off")
        self.sections, self.aliases = {}, {}
        for number in range(count):
            self.add(self.bytes[TABLE + number * ENTRY.size:][:ENTRY.size].tobytes(), TABLE + count * ENTRY.size)
        self.metadata = json.loads(self.text("metadata"))
        self.aliases = self.metadata.get("aliases", {})

    def fail(self, what):
        raise SystemExit(f"{self.path}: {what}")

    def add(self, entry, names):
        """Reads one entry of the table."""
        start, length, type_, encoding, rank, _, *rest = ENTRY.unpack(entry)
        shape, (offset, stored, inflated) = rest[:rank], rest[4:7]
        if type_ not in TYPES or encoding > 1 or offset + stored > len(self.bytes):
            self.fail("is damaged: its table has an invalid entry")
        name = self.bytes[names + start:][:length].tobytes().decode()
        self.sections[name] = (TYPES[type_], encoding, shape, self.bytes[offset:offset + stored], inflated)

    def resolved(self, name):
        """The section with the content of `name`, or None."""
        name = self.aliases.get(name, name)
        return name if name in self.sections else None

    def names(self, prefix):
        """The names of sections and aliases that begin with `prefix`, without it."""
        return {name.removeprefix(prefix) for name in (*self.sections, *self.aliases) if name.startswith(prefix)}

    def section(self, name):
        return self.sections[self.resolved(name) or self.fail(f"has no section {name}")]

    def text(self, name):
        """The bytes of a cold section."""
        _, encoding, _, stored, inflated = self.section(name)
        data = lz4.frame.decompress(stored.tobytes()) if encoding else stored.tobytes()
        return data if len(data) == inflated else self.fail(f"{name} is damaged")

    def array(self, name, shape):
        """A raw section of this shape.  The file may hold a linear layer's matrix [outputs, inputs] packed."""
        type_, encoding, found, stored, inflated = self.section(name)
        if encoding or len(stored) != inflated or inflated != numpy.prod(found) * numpy.dtype(type_).itemsize:
            self.fail(f"{name} is damaged")
        values = stored.view(type_).reshape(found)
        if len(shape) == 2 and list(found) == packed_shape(*shape):
            values = unpacked(values, shape)
        if values.shape != tuple(shape):
            self.fail(f"{name} has shape {list(found)}, not {list(shape)}")
        return numpy.array(values)


def packed_shape(rows, columns):
    """Panels of 16 rows, each a run of chunks of 4 columns (Sources/Tensors/PackedMatrix.swift)."""
    return [-(-rows // 16), -(-columns // 4), 16, 4]


def unpacked(values, shape):
    """The matrix [rows, columns] of packed values, without the padding of zeros."""
    rows, columns = shape
    panels, chunks = values.shape[:2]
    return values.transpose(0, 2, 1, 3).reshape(panels * 16, chunks * 4)[:rows, :columns]
