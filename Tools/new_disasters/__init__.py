# SPDX-License-Identifier: Apache-2.0
"""Disasters that the program does not know: events left out of its networks, its index and its ranking, as streams."""
