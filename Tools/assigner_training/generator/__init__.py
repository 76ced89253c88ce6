# SPDX-License-Identifier: Apache-2.0
"""The generator: text diffusion over hashtag pieces (ASSIGNER, Eq. 3-14) and its causal pass, in PyTorch."""
