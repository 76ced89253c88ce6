#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a command as on a processor without AMX: Linux refuses it and its children the permission to use tiles.

    Tools/peers/without_amx.py Tools/peers/measure encoder --output FILE

Programs that ask before they use tiles, as assigner and onnxruntime do, then use the next best instruction set. x86-64
Linux only.
"""

import ctypes
import os
import struct
import sys

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2
ARCH_PRCTL, ARCH_REQ_XCOMP_PERM = 158, 0x1023
REFUSE, ALLOW = 0x00050000 | 1, 0x7FFF0000  # SECCOMP_RET_ERRNO with EPERM, SECCOMP_RET_ALLOW
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
NUMBER, FIRST_ARGUMENT = 0, 16  # their offsets in seccomp_data


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program = b"".join(struct.pack("=HBBI", *instruction) for instruction in (
        (LOAD, 0, 0, NUMBER), (JUMP_IF_EQUAL, 0, 3, ARCH_PRCTL),
        (LOAD, 0, 0, FIRST_ARGUMENT), (JUMP_IF_EQUAL, 0, 1, ARCH_REQ_XCOMP_PERM),
        (RETURN, 0, 0, REFUSE), (RETURN, 0, 0, ALLOW)))
    instructions = ctypes.create_string_buffer(program, len(program))
    rule = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(instructions)))
    libc = ctypes.CDLL(None, use_errno=True)
    filtered = PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.c_void_p(ctypes.addressof(rule))
    for call in ((PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), filtered):
        if libc.prctl(*call) != 0:
            sys.exit(f"without_amx: {os.strerror(ctypes.get_errno())}")
    os.execvp(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    main()
