# SPDX-License-Identifier: Apache-2.0
"""Training of assigner's networks: one command per stage (see __main__)."""
