# SPDX-License-Identifier: Apache-2.0
"""Bidirectional GRU layers, equal to `nn.GRU`, that train faster on one core.

Both directions are one batched product a step, the backward pass is written out, and its weights' gradients are one product
over all steps.  Padding needs no mask: the second direction reads each text reversed within its length, so in both
directions padding comes last.
"""

import torch
from torch import nn


class Recurrence(torch.autograd.Function):
    """States h_t, t = 1 … T, of several GRUs side by side (the rows of k), from h_0 = 0.

        r = σ(x_r + W_r h + b_r)    z = σ(x_z + W_z h + b_z)    n = tanh(x_n + c + r (W_n h + b_n))    h' = n + z (h - n)

    x: [k, T, B, 3 d], the inputs' products in the order r, z, n; w: [k, 3 d, d]; b: [k, 3 d]; c: [k, d].  Returns
    [k, T, B, d] floats.  Products are computed in x's type.  Each step works on memory that fits a processor's cache.
    """

    @staticmethod
    def forward(ctx, x, w, b, c):
        k, steps, batch, width = x.shape
        d = width // 3
        gates = w.new_empty(x.shape)
        h, hidden = w.new_zeros(k, steps + 1, batch, d), w.new_empty(k, steps, batch, d)  # hidden: W_n h + b_n
        low, start, c = w.to(x.dtype), b[:, None].to(x.dtype), c[:, None]
        transposed = low.transpose(1, 2)
        for t in range(steps):
            product = torch.baddbmm(start, h[:, t].to(x.dtype), transposed)
            rz, n = gates[:, t, :, :2 * d], gates[:, t, :, 2 * d:]
            torch.add(x[:, t, :, :2 * d], product[..., :2 * d], out=rz).sigmoid_()
            hidden[:, t] = product[..., 2 * d:]
            torch.add(x[:, t, :, 2 * d:], c, out=n).addcmul_(rz[..., :d], hidden[:, t])
            n.mul_(2).sigmoid_().mul_(2).sub_(1)  # tanh, several times faster in PyTorch
            torch.lerp(n, h[:, t], rz[..., d:], out=h[:, t + 1])
        ctx.save_for_backward(gates, h, hidden, low)
        return h[:, 1:]

    @staticmethod
    def backward(ctx, gradient):
        gates, h, hidden, w = ctx.saved_tensors
        k, steps, batch, d = hidden.shape
        of_x, of_product = torch.empty(gates.shape, dtype=w.dtype), torch.empty(gates.shape, dtype=w.dtype)
        part = hidden.new_empty(k, batch, 3 * d)
        of_r, of_z, of_n = part.chunk(3, dim=-1)
        state = gradient[:, -1]
        for t in range(steps - 1, -1, -1):
            r, z, n = gates[:, t].chunk(3, dim=-1)
            # The gradients of the sums before the three activations.
            torch.mul(state, (1 - z).mul_(torch.addcmul(n.new_ones(()), n, n, value=-1)), out=of_n)
            torch.mul(of_n, hidden[:, t], out=of_r).mul_(torch.addcmul(r, r, r, value=-1))
            torch.mul(state, h[:, t] - n, out=of_z).mul_(torch.addcmul(z, z, z, value=-1))
            of_x[:, t] = part
            of_n.mul_(r)
            of_product[:, t] = part
            if t:
                back = torch.bmm(of_product[:, t], w)
                state = torch.addcmul(gradient[:, t - 1], state, z).add_(back)
        flat = of_product.view(k, steps * batch, 3 * d)
        of_w = flat.transpose(1, 2) @ h[:, :-1].reshape(k, steps * batch, d).to(w.dtype)
        of_c = of_x.view(k, steps * batch, 3 * d)[..., 2 * d:].sum(1, dtype=h.dtype)
        return of_x, of_w.to(h.dtype), flat.sum(1, dtype=h.dtype), of_c


class BiGRU(nn.GRU):
    """`nn.GRU(bidirectional=True)` for padded texts, with its parameters and their names.

    Under autocast it multiplies the low type, as `nn.Linear` does; states and gates stay floats.
    """

    def __init__(self, width, d, layers, dropout=0.0):
        super().__init__(width, d, layers, batch_first=True, dropout=dropout, bidirectional=True)

    def forward(self, x, lengths):
        """Embeddings [B, T, width] to states [B, T, 2 d] and the last layer's final states [B, 2 d]."""
        x = x.transpose(0, 1)
        steps, batch, _ = x.shape
        d = self.hidden_size
        at = torch.arange(steps)[:, None]
        backwards = torch.where(at < lengths, lengths - 1 - at, at)  # [T, B]; its own inverse
        rows = torch.arange(batch)
        for layer in range(self.num_layers):
            if layer:
                x = nn.functional.dropout(x, self.dropout, self.training)
            w_x, w_h, b_x, b_h = (torch.stack([getattr(self, f"{name}_l{layer}{end}") for end in ("", "_reverse")])
                                  for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
            forth, back = x.flatten(0, 1) @ w_x[0].T, x[backwards, rows].flatten(0, 1) @ w_x[1].T
            products = torch.stack([forth, back]).view(2, steps, batch, 3 * d)
            # The biases of r and z are added to one sum; n has one inside its gate and one outside.
            both = b_h + nn.functional.pad(b_x[:, :2 * d], (0, d))
            forth, back = Recurrence.apply(products, w_h, both, b_x[:, 2 * d:])
            last = torch.cat([forth[lengths - 1, rows], back[lengths - 1, rows]], dim=-1)
            x = torch.cat([forth, back[backwards, rows]], dim=-1)
        return x.transpose(0, 1), last
