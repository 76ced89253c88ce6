# SPDX-License-Identifier: Apache-2.0
"""Microblog Hashtag Generation: Bi-GRUs for post and conversation, bi-attention, and an attentive decoder, in PyTorch."""
