#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a model that Zwei trained, in PyTorch.

    python3 model.py image.png [--out out.png] [--label N]     what the model makes of an image
    python3 model.py --z 0.3,-1.2 [--out out.png] [--label N]  what a point of its latent space decodes to

It reads model.safetensors beside it: the tensors under their modules' names, and the recipe, from which the network is
rebuilt. From another program: `from model import load; network, recipe = load("model.safetensors")`, then
`torch.sigmoid(network(images))` with images [N, 784] in [0, 1], 0 paper and 1 ink. Needs PyTorch, NumPy and Pillow.
"""

import argparse
import json
import math
import struct
import sys
from pathlib import Path

import numpy
import torch
from PIL import Image, ImageOps
from torch import nn

SIDE = 28
PIXELS = SIDE * SIDE
CLASSES = 10

# ---- The file (https://github.com/huggingface/safetensors#format) ----


def read_safetensors(file):
    """Metadata and tensors: a length, a JSON header, and the tensors' bytes."""
    content = Path(file).read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    kinds = {"F32": "<f4", "F16": "<f2", "U8": "u1"}
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        values = numpy.frombuffer(content[begin:end], kinds[entry["dtype"]]).astype("f4")
        tensors[name] = torch.from_numpy(values.reshape(entry["shape"]))
    return metadata, tensors


def read_recipe(metadata):
    """The recipe; files of the first version lack what there was no choice of yet."""
    recipe = json.loads(metadata["recipe"])
    if metadata["format_version"] == "1":
        recipe = {"noise": "gaussian", "factor": 2, "resampling": "pooling", **recipe}
        if recipe["backbone"] == "convolutional":
            recipe["hidden"] = []
    return recipe


# ---- Parts of networks ----


def dense(widths, activation):
    """Linear layers of these widths, an activation after each."""
    layers = []
    for width, following in zip(widths, widths[1:]):
        layers += [nn.Linear(width, following), activation()]
    return layers


class Doubled(nn.Module):
    """[B, 4 c, s, s] to [B, c, side, side]: each pixel becomes four, and what is too much is cut off."""

    def __init__(self, side):
        super().__init__()
        self.side = side

    def forward(self, maps):
        return nn.functional.pixel_shuffle(maps, 2)[:, :, : self.side, : self.side]


def stages_down(recipe, channels, activation):
    """Each stage halves the image: by a maximum over 2 x 2 pixels, or by steps of two."""
    layers = []
    for before, after in zip(channels, channels[1:]):
        if recipe["resampling"] == "pooling":
            layers += [nn.Conv2d(before, after, 3, padding=1), activation(), nn.MaxPool2d(2, ceil_mode=True)]
        else:
            layers += [nn.Conv2d(before, after, 3, stride=2, padding=1), activation()]
    return layers


def pooled_stages_up(channels, side, activation):
    """Repeated pixels after each convolution; one without padding makes 14 of 16, so that 28 comes out."""
    layers, before = [], channels[-1]
    for after in reversed(channels):
        padding = 0 if side == SIDE // 2 + 2 else 1
        layers += [nn.Conv2d(before, after, 3, padding=padding), activation(), nn.Upsample(scale_factor=2)]
        before, side = after, 2 * (side - 2 + 2 * padding)
    return layers + [nn.Conv2d(before, 1, 3, padding=1)]


def strided_stages_up(channels, sides, activation):
    """Sub-pixel convolutions: four channels become 2 x 2 pixels."""
    layers = []
    for stage in reversed(range(len(channels))):
        after = channels[stage - 1] if stage > 0 else 1
        layers += [nn.Conv2d(channels[stage], 4 * after, 3, padding=1), Doubled(sides[stage])]
        if stage > 0:
            layers.append(activation())
    return layers


def dense_halves(recipe, labels, activation):
    """Encoder, decoder, and how many features there are between."""
    hidden = recipe["hidden"]
    back = [recipe["latent_size"] + labels, *reversed(hidden)]
    encoder = dense([PIXELS + labels, *hidden], activation)
    return encoder, [*dense(back, activation), nn.Linear(back[-1], PIXELS)], ([PIXELS + labels] + hidden)[-1]


def convolutional_halves(recipe, labels, activation):
    """The same with convolutions, which halve the image stage by stage: 28, 14, 7, 4."""
    channels, hidden = recipe["channels"], recipe["hidden"]
    sides = [math.ceil(SIDE / 2**stage) for stage in range(len(channels) + 1)]
    maps = channels[-1] * sides[-1] ** 2
    encoder = [nn.Unflatten(1, (1 + labels, SIDE, SIDE))]
    encoder += stages_down(recipe, [1 + labels, *channels], activation) + [nn.Flatten()]
    encoder += dense([maps, *hidden], activation)
    decoder = dense([recipe["latent_size"] + labels, *reversed(hidden), maps], activation)
    decoder.append(nn.Unflatten(1, (channels[-1], sides[-1], sides[-1])))
    if recipe["resampling"] == "pooling":
        decoder += pooled_stages_up(channels, sides[-1], activation)
    else:
        decoder += strided_stages_up(channels, sides, activation)
    return encoder, decoder + [nn.Flatten()], ([maps] + hidden)[-1]


def linear_halves(recipe, labels, activation):
    """Principal components: nothing but the code's own layers."""
    return [nn.Identity()], [nn.Linear(recipe["latent_size"], PIXELS)], PIXELS


# ---- Networks: images [B, 784] in [0, 1] to logits of images ----


class Autoencoder(nn.Module):
    """Encoder, code and decoder."""

    def __init__(self, recipe):
        super().__init__()
        activation = {"relu": nn.ReLU, "gelu": nn.GELU}[recipe["activation"]]
        self.takes_labels = recipe["bottleneck"] == "conditional"
        self.is_linear = recipe["backbone"] == "linear"
        self.label_pixels = PIXELS if recipe["backbone"] == "convolutional" else 1
        halves = {"dense": dense_halves, "convolutional": convolutional_halves, "linear": linear_halves}
        labels = CLASSES if self.takes_labels else 0
        encoder, decoder, features = halves[recipe["backbone"]](recipe, labels, activation)
        size = recipe["latent_size"]
        self.encoder = nn.Sequential(*encoder)
        self.mu = nn.Linear(features, size)
        if recipe["bottleneck"] in ("gaussian", "conditional"):
            self.log_var = nn.Linear(features, size)  # of the posterior; a reconstruction goes by its mean
        self.decoder = nn.Sequential(*decoder)
        if recipe["bottleneck"] == "adversarial":
            self.discriminator = nn.Sequential(*dense([size, 256, 256], activation), nn.Linear(256, 1))

    def with_labels(self, values, labels, repeats):
        """One number a class beside the values, or one image a class: 1 for the label, 0 for the others."""
        if not self.takes_labels:
            return values
        one_hot = nn.functional.one_hot(labels, CLASSES).to(values.dtype)
        return torch.cat([values, one_hot.repeat_interleave(repeats, dim=1)], dim=1)

    def encode(self, images, labels=None):
        """The code [B, latent_size], or its mean."""
        return self.mu(self.encoder(self.with_labels(images, labels, self.label_pixels)))

    def decode(self, codes, labels=None):
        """Logits of images; their sigmoid is the image."""
        decoded = self.decoder(self.with_labels(codes, labels, 1))
        return torch.logit(decoded, eps=1e-6) if self.is_linear else decoded

    def forward(self, images, labels=None):
        return self.decode(self.encode(images, labels), labels)


class SkipNetwork(nn.Module):
    """A U-shaped network of residual blocks: what is passed on the way down is added on the way up. It has no code."""

    takes_labels = False

    class Parts(nn.Module):
        pass

    def __init__(self, recipe):
        super().__init__()
        self.activation = {"relu": nn.ReLU, "gelu": nn.GELU}[recipe["activation"]]()
        channels = recipe["channels"]
        pairs = list(zip(channels, channels[1:]))
        part = self.skip = self.Parts()
        part.input = nn.Conv2d(4, channels[0], 3, padding=1)  # of 2 x 2 pixels as four channels
        part.down = nn.ModuleList(self.block(width) for width in channels)
        part.halve = nn.ModuleList(nn.Conv2d(a, b, 3, stride=2, padding=1) for a, b in pairs)
        part.twofold = nn.ModuleList(nn.Conv2d(b, 4 * a, 1) for a, b in pairs)
        part.up = nn.ModuleList(self.block(a) for a, _ in pairs)
        part.output = nn.Conv2d(channels[0], 4, 3, padding=1)

    def block(self, width):
        layers = []
        for _ in range(2):
            layers += [self.activation, nn.Conv2d(width, width, 3, padding=1)]
        return nn.Sequential(*layers)

    def forward(self, images, labels=None):
        part, passed = self.skip, []
        maps = part.input(nn.functional.pixel_unshuffle(2 * images.reshape(-1, 1, SIDE, SIDE) - 1, 2))
        for stage, block in enumerate(part.down):
            maps = maps + block(maps)
            if stage < len(part.halve):
                passed.append(maps)
                maps = part.halve[stage](self.activation(maps))
        for stage in reversed(range(len(passed))):
            maps = Doubled(passed[stage].shape[2])(part.twofold[stage](self.activation(maps))) + passed[stage]
            maps = maps + part.up[stage](maps)
        return nn.functional.pixel_shuffle(part.output(self.activation(maps)), 2).flatten(1)


def load(file):
    """The network of a model file, ready to run, and its recipe."""
    metadata, tensors = read_safetensors(file)
    recipe = read_recipe(metadata)
    network = SkipNetwork(recipe) if recipe["bottleneck"] == "skip" else Autoencoder(recipe)
    # PyTorch's modules have a method called `double`; codes and the state of the run may lie beside the network.
    weights = {name.replace("skip.double.", "skip.twofold."): values for name, values in tensors.items()
               if name not in ("test_codes", "test_labels") and not name.startswith("training.")}
    network.load_state_dict(weights)
    return network.eval(), recipe


# ---- Images ----


def read_image(file):
    """Any image as Zwei takes it, [1, 784] in [0, 1]: grey, in a square of its paper's grey, 28 x 28, light ink."""
    picture = ImageOps.exif_transpose(Image.open(file)).convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    grey = Image.alpha_composite(white, picture).convert("L")
    levels = numpy.asarray(grey)
    border = numpy.concatenate([levels[0], levels[-1], levels[1:-1, 0], levels[1:-1, -1]])
    paper = int(numpy.sort(border)[(len(border) - 1) // 2])
    if grey.size != (SIDE, SIDE):
        side = max(grey.size)
        square = Image.new("L", (side, side), paper)
        square.paste(grey, ((side - grey.width) // 2, (side - grey.height) // 2))
        grey = square.resize((SIDE, SIDE), Image.BOX)
    levels = numpy.asarray(grey, dtype="f4").reshape(1, PIXELS)
    return torch.from_numpy((255 - levels if paper > 127 else levels) / 255)


def input_of(recipe, images):
    """What the network is fed: of a model that enlarges, squares of pixels by their means; else the image as it is.

    (A model of noisy images was trained with noise on clean ones; an image to be cleaned has its own.)
    """
    if recipe["input"] != "small":
        return images
    factor = recipe["factor"]
    levels = (255 * images).round().reshape(-1, 1, SIDE, SIDE)
    small = (nn.functional.avg_pool2d(levels, factor) + 0.5).floor() / 255
    return nn.functional.interpolate(small, scale_factor=factor).flatten(1)


def write_image(logits, file):
    levels = (255 * torch.sigmoid(logits)).round().clamp(0, 255).to(torch.uint8)
    Image.fromarray(levels.reshape(SIDE, SIDE).numpy()).save(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image", nargs="?", help="the image to reconstruct")
    parser.add_argument("--z", help="a point to decode instead, such as 0.3,-1.2")
    parser.add_argument("--label", type=int, default=0, choices=range(CLASSES), help="conditional models: the class")
    parser.add_argument("--out", default="out.png", help="the image to write (default: %(default)s)")
    parser.add_argument("--model", default=Path(__file__).with_name("model.safetensors"), help="another model file")
    arguments = parser.parse_args()
    if (arguments.image is None) == (arguments.z is None):
        parser.error("an image or --z, one of the two")
    network, recipe = load(arguments.model)
    labels = torch.tensor([arguments.label])
    with torch.no_grad():
        if arguments.image is not None:
            logits = network(input_of(recipe, read_image(arguments.image)), labels)
        elif recipe["bottleneck"] == "skip":
            parser.error("this network has skip connections, and no code to decode")
        else:
            z = [float(number) for number in arguments.z.split(",")]
            if len(z) != recipe["latent_size"]:
                parser.error(f"--z has {len(z)} numbers, and this model's code has {recipe['latent_size']}")
            logits = network.decode(torch.tensor([z]), labels)
    write_image(logits, arguments.out)


if __name__ == "__main__":
    sys.exit(main())
