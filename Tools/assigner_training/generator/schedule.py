# SPDX-License-Identifier: Apache-2.0
"""Noise schedules: ᾱ tables [T+1, l] with a column for each target position.  Row 0 is almost clean, row T almost noise.

v_t = sqrt(ᾱ_t) v_0 + sqrt(1 - ᾱ_t) ε.  Adaptive schedules compute the table again from the losses of training, so that
difficulty grows evenly with t: SeqDiffuSeq's piecewise linear fit, and ASSIGNER's sigmoid (Algorithm 1, Eq. 5-7).
"""

import numpy as np

CLEAN, NOISE = 1 - 1e-4, 1e-5  # the ends of every table
SMALLEST_STEP = 1e-7           # the least decrease of a row, which keeps float32 rows distinct near 1


def finish(table):
    """Clamps a table [T+1, l] to its ends and makes every column strictly decreasing, also as float32."""
    table = np.array(table, dtype=np.float64)
    steps = table.shape[0] - 1
    table = np.clip(table, NOISE, CLEAN)
    table[0], table[-1] = CLEAN, NOISE
    for t in range(1, steps):                       # from the clean end: bounded by the previous row
        table[t] = np.minimum(table[t], table[t - 1] - SMALLEST_STEP)
    for t in range(steps - 1, 0, -1):               # from the noise end: bounded by the next row
        table[t] = np.maximum(table[t], table[t + 1] + SMALLEST_STEP)
    result = table.astype(np.float32)
    if not (np.diff(result, axis=0) < 0).all():
        raise ValueError("the schedule is not strictly decreasing")
    return result


def tile(column, positions):
    """The same column for every position."""
    return finish(np.repeat(np.asarray(column)[:, None], positions, axis=1))


def cosine(steps, positions):
    """Nichol and Dhariwal's cosine schedule."""
    u = np.arange(steps + 1) / steps
    f = np.cos((u + 0.008) / 1.008 * np.pi / 2) ** 2
    return tile(f / f[0], positions)


def sqrt(steps, positions):
    """Diffusion-LM's schedule, which falls steeply at the clean end."""
    return tile(1 - np.sqrt(np.arange(steps + 1) / steps + 1e-4), positions)


INITIAL = {"cosine": cosine, "sqrt": sqrt}


class LossHistory:
    """Mean loss by time step and position since the last update of the schedule (Algorithm 1's input).

    Bins of K steps (Eq. 7) give steps that were never drawn the mean loss of their bin.
    """

    def __init__(self, steps, positions, stride):
        self.steps, self.positions, self.stride = steps, positions, stride
        self.reset()

    def reset(self):
        """Removes all losses."""
        self.sum = np.zeros((self.steps + 1, self.positions))
        self.count = np.zeros((self.steps + 1, self.positions))

    def add(self, t, loss, weight):
        """Adds losses: t [B] (1..T), loss and weight [B, l].  A position of weight 0 does not count."""
        np.add.at(self.sum, t, loss * weight)
        np.add.at(self.count, t, weight)

    def binned(self, shared):
        """Bins of K time steps (Eq. 7): (first step and last step + 1 of each bin, mean losses [bins, l], counts)."""
        edges = np.append(np.arange(1, self.steps + 1, self.stride), self.steps + 1)
        total = np.add.reduceat(self.sum, edges[:-1], axis=0)
        count = np.add.reduceat(self.count, edges[:-1], axis=0)
        if shared:
            total = np.repeat(total.sum(1, keepdims=True), self.positions, 1)
            count = np.repeat(count.sum(1, keepdims=True), self.positions, 1)
        return edges, total / np.maximum(count, 1e-9), count


def adapt(kind, table, history, shared=False, smallest_count=4, step_size=1.0):
    """The next table, from the losses under the current one.

    kind: "linear" or "sigmoid"; shared: one schedule for all positions.  A position with fewer than `smallest_count`
    losses in a bin keeps its column.  step_size < 1 moves only part of the way, which reduces the effect of noise.
    """
    edges, losses, counts = history.binned(shared)
    fit = {"linear": linear_column, "sigmoid": sigmoid_column}[kind]
    new = np.array(table, dtype=np.float64)
    for i in range(table.shape[1]):
        if counts[:, i].min() < smallest_count:
            continue
        levels = np.array([table[a:b, i].mean() for a, b in zip(edges, edges[1:])])
        column = fit(levels, increasing(losses[:, i]), table.shape[0])
        new[:, i] = (1 - step_size) * new[:, i] + step_size * column
    return finish(new)


def increasing(losses):
    """The isotonic (least-squares) fit of the losses, which rises with t as they would without sampling noise."""
    blocks = []
    for value in losses:
        blocks.append([value, 1])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            value, weight = blocks.pop()
            blocks[-1][0] = (blocks[-1][0] * blocks[-1][1] + value * weight) / (blocks[-1][1] + weight)
            blocks[-1][1] += weight
    flat = np.concatenate([[value] * weight for value, weight in blocks])
    return flat + 1e-5 * np.arange(len(flat))


def linear_column(levels, losses, rows):
    """SeqDiffuSeq: ᾱ as a piecewise linear function of the loss, evaluated at evenly spaced losses."""
    slope_low, slope_high = losses[1] - losses[0], losses[-1] - losses[-2]
    knots_loss = np.concatenate([[losses[0] - slope_low / 2], losses, [losses[-1] + slope_high / 2]])
    knots_level = np.concatenate([[CLEAN], levels, [NOISE]])
    return np.interp(np.linspace(knots_loss[0], knots_loss[-1], rows), knots_loss, knots_level)


def sigmoid_column(levels, losses, rows):
    """Algorithm 1: noise level = sigmoid(a (loss - b)), fitted to the bins, evaluated at evenly spaced losses.

    The paper writes β for the noise in a step's input, which is 1 - ᾱ in a table of ᾱ (the β of a single step hardly
    varies, and its sigmoid could not reach the ends).  Gauss-Newton fits it on standardised losses, with a > 0.  The ends
    are stretched to CLEAN and NOISE, because a sigmoid only approaches 0 and 1.
    """
    centre, spread = losses.mean(), losses.std() + 1e-9
    x, y = (losses - centre) / spread, 1 - levels
    a, b = 1.5, float(np.interp(0.5, y, x))
    for damping in np.geomspace(1.0, 1e-4, 60):
        p = 1 / (1 + np.exp(-a * (x - b)))
        slope = p * (1 - p)
        jacobian = np.stack([slope * (x - b), -slope * a], axis=1)
        delta = np.linalg.solve(jacobian.T @ jacobian + damping * np.eye(2) * 1e-2, jacobian.T @ (y - p))
        a, b = float(np.clip(a + delta[0], 0.2, 30)), float(np.clip(b + delta[1], x[0] - 1, x[-1] + 1))
    grid = np.linspace(x[0], x[-1], rows)
    noise = 1 / (1 + np.exp(-a * (grid - b)))
    noise = (noise - noise[0]) / (noise[-1] - noise[0])
    return CLEAN + (NOISE - CLEAN) * noise
