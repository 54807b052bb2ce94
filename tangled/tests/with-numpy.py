# generated from chapters/16-speed.nw by noweb; do not edit
"""min-char-rnn's computation in numpy; trains for some seconds, prints characters a second.
usage: with-numpy.py TEXT SECONDS HIDDEN LENGTH 1 adagrad columns"""
import sys
import time
import numpy as np

text = open(sys.argv[1], encoding="utf-8").read()
seconds, n, T, rate = float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), 0.1
letters = sorted(set(text))
number = {letter: i for i, letter in enumerate(letters)}
m = len(letters)

# Forward and back in numpy
def gradients(theta, xs, ys, h0):
    W_xh, W_hh, W_hy, b_h, b_y = theta
    x, h, p = {}, {-1: h0}, {}
    for t in range(T):
        x[t] = np.zeros((m, 1))
        x[t][xs[t]] = 1
        h[t] = np.tanh(W_xh @ x[t] + W_hh @ h[t - 1] + b_h)
        z = W_hy @ h[t] + b_y
        p[t] = np.exp(z) / np.sum(np.exp(z))
    loss = -sum(np.log(p[t][ys[t], 0]) for t in range(T))
    # Back through time in numpy
    g_xh, g_hh, g_hy, g_bh, g_by = (np.zeros_like(w) for w in theta)
    later = np.zeros_like(h0)
    for t in reversed(range(T)):
        d_y = p[t].copy()
        d_y[ys[t]] -= 1
        d_z = (1 - h[t] * h[t]) * (W_hy.T @ d_y + later)
        g_hy += d_y @ h[t].T
        g_by += d_y
        g_xh += d_z @ x[t].T
        g_hh += d_z @ h[t - 1].T
        g_bh += d_z
        later = W_hh.T @ d_z
    return loss, [g_xh, g_hh, g_hy, g_bh, g_by], h[T - 1]

# Train for some seconds in numpy
def train():
    rng = np.random.default_rng(1)
    shapes = [(n, m), (n, n), (m, n), (n, 1), (m, 1)]
    theta = [0.01 * rng.standard_normal(s) for s in shapes[:3]]
    theta += [np.zeros(s) for s in shapes[3:]]
    memory = [np.zeros(s) for s in shapes]
    at, h0, symbols = 0, np.zeros((n, 1)), [number[c] for c in text]
    step, start = -3, time.perf_counter()
    while step < 1 or time.perf_counter() < start + seconds:
        # Take one step in numpy
        if step == 0:
            start = time.perf_counter()
        if at + T + 1 > len(symbols):
            at, h0 = 0, np.zeros((n, 1))
        xs, ys = symbols[at:at + T], symbols[at + 1:at + T + 1]
        loss, gradient, h0 = gradients(theta, xs, ys, h0)
        for w, g, r in zip(theta, gradient, memory):
            np.clip(g, -5, 5, out=g)
            r += g * g
            w += -rate * g / np.sqrt(r + 1e-8)
        at, step = at + T, step + 1
    passed = time.perf_counter() - start
    print(f"speed       {step * T} characters in {passed:.1f} s, {step * T / passed:.0f} a second")
train()
