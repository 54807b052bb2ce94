# generated from chapters/19-lstm.nw by noweb; do not edit
"""A network of the book in PyTorch.
Does what the lines on standard input say, their words apart by tabs, and answers each with “ok” and what is
to be said, or with “failed”; before the first, it says “ready”:
compare FILE TEXT LOGITS [LAYER DECODER]: FILE's network reads TEXT; says the largest difference of its logits
    from LOGITS, what a character costs, in bits, and how far LOGITS is from that
make rnn|gru|lstm FILE TEXT [LAYER DECODER TYPE]: writes a network of PyTorch's for the letters of TEXT; with
    names, in the order in which TEXT has them
rounded FILE OTHER: fails unless OTHER's numbers are FILE's, as PyTorch rounds them"""
import json
import math
import struct
import sys
import traceback
import torch
from torch import nn

# A network with a cell of PyTorch
CELLS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
class Network(nn.Module):
    def __init__(self, cell, m, n, layer, decoder):
        super().__init__()
        self.add_module(layer, CELLS[cell](m, n))
        self.add_module(decoder, nn.Linear(n, m))
        self.double()
    def forward(self, symbols):
        layer, decoder = self.children()
        x = nn.functional.one_hot(symbols, layer.input_size).double()
        return decoder(layer(x.unsqueeze(1))[0].squeeze(1))

# Read and write a file as PyTorch's users do
TYPES = {"F32": torch.float, "F16": torch.half, "BF16": torch.bfloat16}

def read(path):
    data = open(path, "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        numbers = torch.frombuffer(bytearray(data[begin:end]), dtype=TYPES[entry["dtype"]])
        tensors[name] = numbers.reshape(entry["shape"])
    return metadata, tensors

def write(path, letters, tensors, kind):
    header, data = {"__metadata__": {"vocabulary": letters}}, b""
    for name, tensor in tensors.items():
        begin = len(data)
        data += bytes(tensor.to(TYPES[kind]).flatten().view(torch.uint8).tolist())
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [begin, len(data)]}
    text = json.dumps(header).encode()
    open(path, "wb").write(struct.pack("<Q", len(text)) + text + data)

# Compare with what the program says
def compare(path, text, logits, layer="rnn", decoder="decoder"):
    metadata, tensors = read(path)
    letters, text = metadata["vocabulary"], open(text, encoding="utf-8").read()
    rows, n = tensors[f"{layer}.weight_hh_l0"].shape
    cell = metadata.get("cell") or {1: "rnn", 3: "gru", 4: "lstm"}[rows // n]
    network = Network(cell, len(letters), n, layer, decoder)
    network.load_state_dict({k: v for k, v in tensors.items() if not k.startswith("trainer.")})
    with torch.no_grad():
        theirs = network(torch.tensor([letters.index(c) for c in text[:-1]]))
    theirs = theirs[:, [letters.index(c) for c in sorted(letters)]]
    symbols = torch.tensor([sorted(letters).index(c) for c in text])
    ours = torch.tensor([[float(x) for x in line.split()] for line in open(logits)], dtype=torch.double)
    bits, our_bits = (nn.functional.cross_entropy(z, symbols[1:]).item() / math.log(2) for z in (theirs, ours))
    return f"{(ours - theirs).abs().max().item():.3e} {bits:.9f} {abs(bits - our_bits):.3e}"

# Make a network of PyTorch
def make(cell, path, text, layer="", decoder="decoder", kind="F32"):
    torch.manual_seed(7)
    letters = dict.fromkeys(open(text, encoding="utf-8").read())
    letters = "".join(letters if layer else sorted(letters))
    network = Network(cell, len(letters), 13, layer or "rnn", decoder)
    write(path, letters, {k: 2 * v for k, v in network.state_dict().items()}, kind)

# Round as PyTorch rounds
def rounded(path, other):
    (_, one), (_, two) = read(path), read(other)
    assert one.keys() == two.keys()
    for name, halves in two.items():
        assert torch.equal(one[name].to(halves.dtype), halves), name

# Do what the test asks for
torch.set_num_threads(1)
print("ready", flush=True)
for line in sys.stdin:
    what, *words = line.rstrip("\n").split("\t")
    try:
        said = {"compare": compare, "make": make, "rounded": rounded}[what](*words)
        print("ok", said or "", flush=True)
    except Exception:
        traceback.print_exc()
        print("failed", flush=True)
