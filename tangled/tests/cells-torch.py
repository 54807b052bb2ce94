# generated from chapters/19-lstm.nw by noweb; do not edit
"""A network of the book in PyTorch.
usage: cells-torch.py compare FILE TEXT LOGITS: FILE's network reads TEXT; prints the largest difference
           of its logits from LOGITS, what a character costs, in bits, and how far LOGITS is from that
       cells-torch.py make rnn|gru|lstm FILE TEXT: writes a network of PyTorch's for the letters of TEXT"""
import json
import math
import struct
import sys
import torch
from torch import nn

# A network with a cell of PyTorch
CELLS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
class Network(nn.Module):
    def __init__(self, cell, m, n):
        super().__init__()
        self.rnn = CELLS[cell](m, n)
        self.decoder = nn.Linear(n, m)
        self.double()
    def forward(self, symbols):
        x = nn.functional.one_hot(symbols, self.rnn.input_size).double()
        return self.decoder(self.rnn(x.unsqueeze(1))[0].squeeze(1))

# Read and write a file as PyTorch's users do
def read(path):
    data = open(path, "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        numbers = [x for x, in struct.iter_unpack("<f", data[begin:end])]
        tensors[name] = torch.tensor(numbers, dtype=torch.double).reshape(entry["shape"])
    return metadata, tensors

def write(path, letters, tensors):
    header, data = {"__metadata__": {"vocabulary": letters}}, b""
    for name, tensor in tensors.items():
        numbers = tensor.flatten().tolist()
        begin = len(data)
        data += struct.pack(f"<{len(numbers)}f", *numbers)
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [begin, len(data)]}
    text = json.dumps(header).encode()
    open(path, "wb").write(struct.pack("<Q", len(text)) + text + data)

# Compare with what the program says
def compare(path, text, logits):
    metadata, tensors = read(path)
    letters, text = metadata["vocabulary"], open(text, encoding="utf-8").read()
    n = tensors["rnn.weight_hh_l0"].shape[1]
    cell = metadata.get("cell") or {1: "rnn", 3: "gru", 4: "lstm"}[tensors["rnn.weight_hh_l0"].shape[0] // n]
    network = Network(cell, len(letters), n)
    network.load_state_dict({k: v for k, v in tensors.items() if not k.startswith("trainer.")})
    symbols = torch.tensor([letters.index(c) for c in text])
    with torch.no_grad():
        theirs = network(symbols[:-1])
    ours = torch.tensor([[float(x) for x in line.split()] for line in open(logits)], dtype=torch.double)
    bits, our_bits = (nn.functional.cross_entropy(z, symbols[1:]).item() / math.log(2) for z in (theirs, ours))
    print(f"{(ours - theirs).abs().max().item():.3e} {bits:.9f} {abs(bits - our_bits):.3e}")

# Make a network of PyTorch
def make(cell, path, text):
    torch.manual_seed(7)
    letters = "".join(sorted(set(open(text, encoding="utf-8").read())))
    network = Network(cell, len(letters), 13)
    write(path, letters, {k: 2 * v for k, v in network.state_dict().items()})
{"compare": compare, "make": make}[sys.argv[1]](*sys.argv[2:])
