# generated from chapters/16-speed.nw by noweb; do not edit
"""This network in PyTorch; trains for some seconds, prints characters a second.
usage: with-torch.py TEXT SECONDS HIDDEN LENGTH STREAMS OPTIMIZER one-hot|loop|script"""
import os
import sys
import time
import torch
from torch import nn

# Say how many threads PyTorch has
path, seconds, n, T, B, optimizer, variant = sys.argv[1:8]
seconds, n, T, B = float(seconds), int(n), int(T), int(B)
torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", 1)))
torch.set_flush_denormal(True)
torch.manual_seed(1)

# Put the text into streams for PyTorch
text = open(path, encoding="utf-8").read()
letters = sorted(set(text))
number = {letter: i for i, letter in enumerate(letters)}
m = len(letters)
symbols = torch.tensor([number[c] for c in text[:len(text) - len(text) // 10]])
stride = (len(symbols) - 1) // B
x = symbols[:B * stride].view(B, stride).t().contiguous()
y = symbols[1:B * stride + 1].view(B, stride).t().contiguous()

# A recurrent layer for PyTorch
def walk(z, h, W_t):
    states = []
    for t in range(z.shape[0]):
        h = torch.tanh(torch.addmm(z[t], h, W_t))
        states.append(h)
    return torch.stack(states)
if variant == "script":
    walk = torch.jit.script(walk)
class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(m, n)
        self.decoder = nn.Linear(n, m)
        self.rows = torch.eye(m)
    def forward(self, x, h):
        r = self.rnn
        if variant == "one-hot":
            states, h = r(self.rows[x], h)
            return self.decoder(states), h
        z = nn.functional.embedding(x, r.weight_ih_l0.t()) + (r.bias_ih_l0 + r.bias_hh_l0)
        states = walk(z, h[0], r.weight_hh_l0.t())
        return self.decoder(states), states[-1:]

# Train for some seconds in PyTorch
def train():
    network = Network()
    make = {"adagrad": torch.optim.Adagrad, "adam": torch.optim.Adam}[optimizer]
    descent = make(network.parameters(), lr=0.002)
    h, at, step, start = torch.zeros(1, B, n), 0, -3, time.perf_counter()
    while step < 1 or time.perf_counter() < start + seconds:
        if step == 0:
            start = time.perf_counter()
        # Take one step in PyTorch
        if at + T > stride:
            at, h = 0, torch.zeros(1, B, n)
        logits, h = network(x[at:at + T], h.detach())
        loss = nn.functional.cross_entropy(logits.view(-1, m), y[at:at + T].reshape(-1))
        descent.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5)
        descent.step()
        at, step = at + T, step + 1
    done, passed = step * T * B, time.perf_counter() - start
    print(f"speed       {done} characters in {passed:.1f} s, {done / passed:.0f} a second")
train()
