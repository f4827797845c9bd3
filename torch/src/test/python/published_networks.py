"""VanillaNet and its variant with LSLU in plain PyTorch, to hold our Java beside.

Written from the structure and the parameter names of the published code; LSLU is the chain of its
training path (theta and omega are the first n entries of alphas and biases), for evaluation too.

  published_networks.py fixtures DIR        makes the files that the tests read without Python
  published_networks.py state NAME FILE OUT
                                            loads a state dict strictly into network NAME (vanillanet
                                            or lslu); writes what it computes
"""

import argparse
import json
import struct
import sys
from collections import OrderedDict

import torch
from torch import nn
from torch.nn import functional as F

DIMS = [8, 16, 32, 64]  # 1/64 of the published 512 to 4096
CLASSES = 5
STEPS = 3
IMAGES, CHANNELS, SIZE = 6, 3, 32
SLOPE = 0.25


class Series(nn.Module):
    """Activation, depth-wise convolution, batch norm."""

    def __init__(self, dim, n, lslu):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(dim, 1, 2 * n + 1, 2 * n + 1))
        if lslu:
            self.alphas = nn.Parameter(torch.ones(dim))
            self.biases = nn.Parameter(torch.zeros(dim))
        self.bn = nn.BatchNorm2d(dim, eps=1e-6)
        self.n = n
        self.lslu = lslu

    def forward(self, x):
        if self.lslu:
            for i in range(self.n):
                x = self.alphas[i] * x.relu() + self.biases[i]
        x = F.conv2d(x.relu(), self.weight, padding=self.n, groups=x.shape[1])
        return self.bn(x)


def pair(inputs, outputs, kernel=1, stride=1):
    return [nn.Conv2d(inputs, outputs, kernel, stride), nn.BatchNorm2d(outputs, eps=1e-6)]


class Stage(nn.Module):
    def __init__(self, inputs, outputs, lslu):
        super().__init__()
        self.conv1 = nn.Sequential(*pair(inputs, inputs))
        self.conv2 = nn.Sequential(*pair(inputs, outputs))
        self.act = Series(outputs, STEPS, lslu)

    def forward(self, x, slope):
        x = self.conv2(F.leaky_relu(self.conv1(x), slope))
        return self.act(F.max_pool2d(x, 2))


class Network(nn.Module):
    def __init__(self, lslu):
        super().__init__()
        self.stem1 = nn.Sequential(*pair(CHANNELS, DIMS[0], 4, 4))
        self.stem2 = nn.Sequential(*pair(DIMS[0], DIMS[0]), Series(DIMS[0], STEPS, lslu))
        self.stages = nn.ModuleList(Stage(a, b, lslu) for a, b in zip(DIMS, DIMS[1:]))
        self.cls1 = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Dropout(0), *pair(DIMS[-1], CLASSES)
        )
        self.cls2 = nn.Sequential(nn.Conv2d(CLASSES, CLASSES, 1))

    def forward(self, x, slope=1.0):
        x = self.stem2(F.leaky_relu(self.stem1(x), slope))
        for stage in self.stages:
            x = stage(x, slope)
        x = self.cls2(F.leaky_relu(self.cls1(x), slope))
        return x.flatten(1)


def network(name):
    return Network({"vanillanet": False, "lslu": True}[name])


def images():
    """Whole numbers from a rule that needs no file."""
    count = IMAGES * CHANNELS * SIZE * SIZE
    values = torch.arange(count)
    return ((values * values * 7 + values * 3) % 101 - 50).float().div(32).view(
        IMAGES, CHANNELS, SIZE, SIZE
    )


def randomise(model, seed):
    """Every tensor gets values that an initial network does not have."""
    generator = torch.Generator().manual_seed(seed)

    def normal(tensor, deviation):
        tensor.copy_(torch.randn(tensor.shape, generator=generator) * deviation)

    def uniform(tensor, low, high):
        tensor.copy_(torch.rand(tensor.shape, generator=generator) * (high - low) + low)

    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if name.endswith("running_var"):
                uniform(tensor, 0.5, 2)
            elif name.endswith("num_batches_tracked"):
                tensor.fill_(41)
            elif name.endswith("alphas"):
                uniform(tensor, 0.6, 1.4)
            elif name.endswith("biases"):
                uniform(tensor, -0.2, 0.2)
            elif tensor.dim() == 1 and name.endswith("weight"):
                uniform(tensor, 0.5, 1.5)
            elif tensor.dim() == 1:
                normal(tensor, 0.3)
            else:
                normal(tensor, 1.5 / tensor[0].numel() ** 0.5)
        if hasattr(model.stages[1].act, "alphas"):
            # A step that turns around: the chain is then cut off at both ends.
            model.stages[1].act.alphas[1] = -0.7
            model.stages[1].act.biases[1] = 0.9


def expected(model):
    """Logits in evaluation and training, and the running statistics after training's."""
    x = images()
    model.eval()
    with torch.no_grad():
        evaluation, sloped = model(x), model(x, SLOPE)
        model.train()
        training = model(x)
    after = OrderedDict(
        (name, tensor.clone()) for name, tensor in model.state_dict().items() if ".running_" in name
    )
    return {"eval": evaluation, "sloped": sloped, "train": training, "after": after}


def read_safetensors(path):
    """The format is a length, a header as JSON, and the values: no library needed."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    types = {"F32": torch.float32, "I64": torch.int64}
    state = OrderedDict()
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            flat = torch.frombuffer(bytearray(data[begin:end]), dtype=types[entry["dtype"]])
            state[name] = flat.view(entry["shape"])
    return state


def fixtures(directory):
    vanillanet, lslu = network("vanillanet"), network("lslu")
    randomise(vanillanet, 1)
    torch.save(vanillanet.state_dict(), f"{directory}/vanillanet.pth")
    torch.save(expected(vanillanet), f"{directory}/vanillanet-expected.pth")
    randomise(lslu, 2)
    state = lslu.state_dict()
    checkpoint = {
        "model": OrderedDict(("module." + name, tensor) for name, tensor in state.items()),
        "optimizer": {"state": {}, "param_groups": [{"lr": 0.0035, "params": [0, 1, 2]}]},
        "epoch": 299,
        "args": argparse.Namespace(model="vanillanet_5", drop=0.05, resume=None, input_size=224),
        "model_ema": OrderedDict(
            (name, tensor.half() if tensor.is_floating_point() else tensor)
            for name, tensor in state.items()
        ),
    }
    torch.save(checkpoint, f"{directory}/lslu.pth")
    torch.save(expected(lslu), f"{directory}/lslu-expected.pth")
    torch.save(kinds(), f"{directory}/kinds.pth")
    torch.save(kinds(), f"{directory}/kinds-protocol5.pth", pickle_protocol=5)
    torch.save({"a": torch.ones(2)}, f"{directory}/legacy.pth", _use_new_zipfile_serialization=False)


def kinds():
    """Every element type, every way in which a tensor lies in a storage, plain values."""
    shared = torch.arange(12, dtype=torch.float32)
    types = "float64 float32 float16 bfloat16 int64 int32 int16 int8".split()
    tensors = OrderedDict((t, torch.tensor([-2, 0, 3]).to(getattr(torch, t))) for t in types)
    tensors["uint8"] = torch.tensor([0, 128, 255], dtype=torch.uint8)
    tensors["bool"] = torch.tensor([True, False, True])
    tensors["scalar"] = torch.tensor(2.5)
    tensors["empty"] = torch.zeros(3, 0)
    tensors["transposed"] = shared.view(3, 4).t()
    tensors["part"] = shared[5:9]
    tensors["every third"] = shared[1::3]
    tensors["parameter"] = nn.Parameter(torch.tensor([[1.5]]))
    return {
        "tensors": tensors,
        "plain": [1, -(2**31), 300, 70000, 2**40, -(2**70), 0.5, "é", True, None, (), (1, [2, {}])],
        1: torch.Size([2, 3]),
    }


if __name__ == "__main__":
    if sys.argv[1] == "fixtures":
        fixtures(sys.argv[2])
    else:
        _, _, name, path, out = sys.argv
        model = network(name)
        state = (
            read_safetensors(path)
            if path.endswith(".safetensors")
            else torch.load(path, weights_only=True)
        )
        model.load_state_dict(state, strict=True)
        torch.save(expected(model), out)
