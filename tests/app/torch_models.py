# SPDX-License-Identifier: GPL-3.0-or-later
"""The program's models a second time: in PyTorch, in double precision, of nothing of the program's but model files.

Also what else the independent tests share: MNIST, what a model is fed, estimates of what is drawn at random, and a
place where the program runs.
"""

import gzip
import json
import math
import os
import struct
import sys
import tempfile
import unittest
from pathlib import Path

import zwei_cli

try:
    import numpy
    import torch
    from torch import nn
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(zwei_cli.SKIPPED)

PIXELS = 784
CLASSES = 10
CHUNK = 250  # images at once

# ---- Model files ----

BESIDE_THE_NETWORK = ("test_codes", "test_labels")
STATE_OF_THE_RUN = "training."
IN_NO_FIRST_VERSION = {"noise": "gaussian", "noise_least": 0, "noise_most": 0.8, "noise_mean": 0, "factor": 2,
                       "resampling": "pooling", "targets": "grey"}


def read_model(file):
    """The recipe and the tensors of a safetensors file."""
    header, data = zwei_cli.split_safetensors(file)
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        kind = {"F32": "<f4", "F16": "<f2", "U8": "u1"}[entry["dtype"]]
        values = numpy.frombuffer(data[begin:end], kind).astype("f4").reshape(entry["shape"])
        tensors[name] = torch.tensor(values)
    return read_recipe(metadata), tensors


def read_recipe(metadata):
    """The recipe; one of the first version has fewer words, and no dense layers beside convolutions."""
    recipe = json.loads(metadata["recipe"])
    if metadata["format_version"] == "1":
        recipe |= IN_NO_FIRST_VERSION
        if recipe["backbone"] == "convolutional":
            recipe["hidden"] = []
    return recipe


# ---- Networks ----


def dense(widths, activation):
    """Linear layers with an activation after each."""
    return [layer for a, b in zip(widths, widths[1:]) for layer in (nn.Linear(a, b), activation())]


def dense_halves(recipe, activation, labels):
    """Encoder, decoder, and the width between."""
    hidden = recipe["hidden"]
    decoder = dense([recipe["latent_size"] + labels, *reversed(hidden)], activation) + [nn.Linear(hidden[0], PIXELS)]
    return dense([PIXELS + labels, *hidden], activation), decoder, hidden[-1]


def linear_halves(recipe, activation, labels):
    """Principal components: nothing but the code's own layers on either side."""
    return [nn.Identity()], [nn.Linear(recipe["latent_size"], PIXELS)], PIXELS


def convolutional_halves(recipe, activation, labels):
    """3x3 convolutions, each stage of which halves the image (28, 14, 7, 4, 2), and dense layers between."""
    channels, hidden = recipe["channels"], recipe["hidden"]
    sides = [math.ceil(28 / 2**stage) for stage in range(len(channels) + 1)]
    down, up = {"pooling": (pooled_down, pooled_up), "strided": (strided_down, strided_up)}[recipe["resampling"]]
    maps = channels[-1] * sides[-1] ** 2
    encoder = [nn.Unflatten(1, (1 + labels, 28, 28)), *down([1 + labels, *channels], activation), nn.Flatten()]
    encoder += dense([maps, *hidden], activation)
    decoder = dense([recipe["latent_size"] + labels, *reversed(hidden), maps], activation)
    decoder += [nn.Unflatten(1, (channels[-1], sides[-1], sides[-1])), *up(channels, sides, activation), nn.Flatten()]
    return encoder, decoder, hidden[-1] if hidden else maps


def pooled_down(channels, activation):
    """A maximum over 2x2 pixels after each convolution."""
    stages = [(nn.Conv2d(a, b, 3, padding=1), activation(), nn.MaxPool2d(2, ceil_mode=True))
              for a, b in zip(channels, channels[1:])]
    return [layer for stage in stages for layer in stage]


def pooled_up(channels, sides, activation):
    """Nearest neighbours double the image after each convolution.

    Four doubles to 8, 16 and 32: where 28 is to come out at the end, the 16 lose their border to a convolution without
    padding.
    """
    layers, side, back = [], sides[-1], list(reversed(channels))
    for a, b in zip([back[0], *back], back):
        padding = 0 if side == 16 else 1
        layers += [nn.Conv2d(a, b, 3, padding=padding), activation(), nn.Upsample(scale_factor=2)]
        side = 2 * (side - 2 + 2 * padding)
    return layers + [nn.Conv2d(back[-1], 1, 3, padding=1)]


def strided_down(channels, activation):
    """Convolutions in steps of two pixels."""
    return [layer for a, b in zip(channels, channels[1:])
            for layer in (nn.Conv2d(a, b, 3, stride=2, padding=1), activation())]


def strided_up(channels, sides, activation):
    """Sub-pixel convolutions (Shi et al., 2016): four channels become 2x2 pixels."""
    layers = []
    for stage in reversed(range(len(channels))):
        into = channels[stage - 1] if stage else 1
        layers += [nn.Conv2d(channels[stage], 4 * into, 3, padding=1), doubled(sides[stage + 1], sides[stage])]
        layers += [activation()] if stage else []
    return layers


def doubled(side, wanted):
    """Four channels as 2x2 pixels; a row and a column too many are cut off by a negative padding."""
    surplus = wanted - 2 * side
    return nn.Sequential(nn.PixelShuffle(2), nn.ZeroPad2d((0, surplus, 0, surplus)))


class Autoencoder(nn.Module):
    """Encoder, code and decoder; the code may have a log variance, and both halves may be told the label."""

    def __init__(self, recipe, activation):
        super().__init__()
        self.is_variational = recipe["bottleneck"] in ("gaussian", "conditional")
        self.takes_labels = recipe["bottleneck"] == "conditional"
        self.is_linear = recipe["backbone"] == "linear"
        self.label_pixels = PIXELS if recipe["backbone"] == "convolutional" else 1
        halves = {"dense": dense_halves, "convolutional": convolutional_halves, "linear": linear_halves}
        labels = CLASSES if self.takes_labels else 0
        encoder, decoder, features = halves[recipe["backbone"]](recipe, activation, labels)
        size = recipe["latent_size"]
        self.encoder, self.decoder = nn.Sequential(*encoder), nn.Sequential(*decoder)
        self.mu = nn.Linear(features, size)
        if self.is_variational:
            self.log_var = nn.Linear(features, size)
        if recipe["bottleneck"] == "adversarial":
            self.discriminator = nn.Sequential(*dense([size, 256, 256], activation), nn.Linear(256, 1))

    def with_labels(self, values, labels, repeats=1):
        """Beside the values one number a class, or one image a class, of which that of the label is 1."""
        if not self.takes_labels:
            return values
        one_hot = nn.functional.one_hot(labels, CLASSES).to(values.dtype)
        return torch.cat([values, one_hot.repeat_interleave(repeats, dim=1)], dim=1)

    def encode(self, inputs, labels=None):
        """mu and log variance; no log variance where a code is a point."""
        features = self.encoder(self.with_labels(inputs, labels, self.label_pixels))
        return self.mu(features), self.log_var(features) if self.is_variational else None

    def decode(self, codes, labels=None):
        """Logits of images."""
        decoded = self.decoder(self.with_labels(codes, labels))
        return torch.logit(decoded, eps=1e-6) if self.is_linear else decoded

    def reconstruct(self, inputs, labels=None):
        """Logits of what comes out, by the mean of the code."""
        return self.decode(self.encode(inputs, labels)[0], labels)


TWOFOLD = "twofold"  # `double` in a model file, where PyTorch's modules have a method of that name


class SkipNetwork(nn.Module):
    """A U-shaped network with residual blocks: images in, logits of images out, no code.

    It works on 2x2 pixels as four channels; what is on the way down is added on the way up.
    """

    is_variational = takes_labels = False

    def __init__(self, recipe, activation):
        super().__init__()
        self.activation, channels = activation(), recipe["channels"]
        pairs = list(zip(channels, channels[1:]))
        self.skip = nn.ModuleDict({
            "input": nn.Conv2d(4, channels[0], 3, padding=1),
            "down": nn.ModuleList(self.block(c) for c in channels),
            "halve": nn.ModuleList(nn.Conv2d(a, b, 3, stride=2, padding=1) for a, b in pairs),
            TWOFOLD: nn.ModuleList(nn.Conv2d(b, 4 * a, 1) for a, b in pairs),
            "up": nn.ModuleList(self.block(a) for a, _ in pairs),
            "output": nn.Conv2d(channels[0], 4, 3, padding=1),
        })

    def block(self, channels):
        layers = [(self.activation, nn.Conv2d(channels, channels, 3, padding=1)) for _ in range(2)]
        return nn.Sequential(*(layer for pair in layers for layer in pair))

    def reconstruct(self, inputs, labels=None):
        """Logits of what comes out."""
        part = self.skip
        maps = part["input"](nn.PixelUnshuffle(2)(2 * inputs.reshape(-1, 1, 28, 28) - 1))
        passed = []
        for block, halve in zip(part["down"], part["halve"]):
            passed.append(maps + block(maps))
            maps = halve(self.activation(passed[-1]))
        maps = maps + part["down"][-1](maps)
        for beside, double, block in reversed(list(zip(passed, part[TWOFOLD], part["up"]))):
            maps = beside + doubled(maps.shape[2], beside.shape[2])(double(self.activation(maps)))
            maps = maps + block(maps)
        return nn.PixelShuffle(2)(part["output"](self.activation(maps))).flatten(1)


def network_of(recipe, tensors):
    """The network that a recipe describes, in double precision.

    Fails for any tensor that is missing, unknown or of another shape.
    """
    activation = {"gelu": nn.GELU, "relu": nn.ReLU}[recipe["activation"]]
    network = (SkipNetwork if recipe["bottleneck"] == "skip" else Autoencoder)(recipe, activation)
    own = {name.replace("skip.double.", f"skip.{TWOFOLD}."): values
           for name, values in tensors.items()
           if name not in BESIDE_THE_NETWORK and not name.startswith(STATE_OF_THE_RUN)}
    network.load_state_dict(own, strict=True)
    return network.double().eval()


class Model:
    """A model file and its network."""

    def __init__(self, file):
        self.file = file
        self.recipe, self.tensors = read_model(file)
        self.network = network_of(self.recipe, self.tensors)


def in_chunks(function, *tensors):
    """`function` of a few rows of each tensor after the other, put together again; a tensor may be None."""
    count = next(len(tensor) for tensor in tensors if tensor is not None)
    parts = [function(*(tensor[first : first + CHUNK] if tensor is not None else None for tensor in tensors))
             for first in range(0, count, CHUNK)]
    if isinstance(parts[0], tuple):
        return tuple(torch.cat(part) if part[0] is not None else None for part in zip(*parts))
    return torch.cat(parts)


# ---- What a model is fed ----


def averaged(images, factor):
    """Averages over squares of pixels, as whole grey levels (halves upwards), each repeated over its square."""
    levels = (255 * images).round().reshape(-1, 1, 28, 28)
    small = (nn.functional.avg_pool2d(levels, factor) + 0.5).floor() / 255
    return nn.functional.interpolate(small, scale_factor=factor, mode="nearest").flatten(1)


def with_blocks(images, levels, generator):
    """A share of the squares of 7x7 pixels is black; where the squares begin is drawn for each image."""
    kept = (torch.rand((len(images), 1, 5, 5), generator=generator) >= levels.reshape(-1, 1, 1, 1)).to(images.dtype)
    masks = nn.functional.interpolate(kept, scale_factor=7, mode="nearest")[:, 0]
    corners = torch.randint(7, (len(images), 2), generator=generator).tolist()
    cut = [mask[y : y + 28, x : x + 28] for mask, (y, x) in zip(masks, corners)]
    return images * torch.stack(cut).flatten(1)


def noisy(images, kind, levels, mean, generator):
    """Images with noise on them; `levels` [N, 1] is one for each."""
    if kind == "blocks":
        return with_blocks(images, levels, generator)
    if kind == "salt-and-pepper":
        is_hit = torch.rand(images.shape, generator=generator) < levels
        coins = torch.randint(2, images.shape, generator=generator).to(images.dtype)
        return torch.where(is_hit, coins, images)
    noise = torch.randn(images.shape, generator=generator, dtype=images.dtype)
    return (images + mean + levels * noise).clamp(0, 1)


def model_input(recipe, images, generator, level=None):
    """What the network of a recipe is fed for clean images; noise is of this level, or of the recipe's range."""
    if recipe["input"] == "small":
        return averaged(images, recipe["factor"])
    if recipe["input"] == "clean":
        return images
    least, most = (recipe["noise_least"], recipe["noise_most"]) if level is None else (level, level)
    levels = least + (most - least) * torch.rand((len(images), 1), generator=generator, dtype=images.dtype)
    return noisy(images, recipe["noise"], levels, recipe["noise_mean"], generator)


def grey(images):
    """Images in [0, 1] as whole grey levels, 0 to 255."""
    return (255 * images).round()


# ---- Losses ----


def log_likelihood(likelihood, images, logits):
    """log p(x|z), [N]: of Bernoulli pixels, or of Gaussian ones with variance 1/2."""
    if likelihood == "bernoulli":
        return (images * logits - nn.functional.softplus(logits)).sum(1)
    return torch.distributions.Normal(torch.sigmoid(logits), math.sqrt(0.5)).log_prob(images).sum(1)


def kl_by_dimension(mu, log_var):
    """KL(N(mu, exp(log_var)) || N(0, 1)), [N, size]."""
    return 0.5 * (mu**2 + log_var.exp() - log_var - 1)


def sigma(log_var):
    return torch.exp(log_var / 2)


def elbo_draw(model, images, labels, generator, deviation=sigma):
    """Reconstruction loss, KL and -ELBO of each image, in nats; `deviation` makes the posterior's sigma."""

    def terms(clean, inputs, labels):
        if not model.network.is_variational:
            logits, kl = model.network.reconstruct(inputs, labels), torch.zeros(len(inputs))
        else:
            mu, log_var = model.network.encode(inputs, labels)
            noise = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
            logits = model.network.decode(mu + deviation(log_var) * noise, labels)
            kl = kl_by_dimension(mu, log_var).sum(1)
        return -log_likelihood(model.recipe["reconstruction"], clean, logits), kl

    loss, kl = in_chunks(terms, images, model_input(model.recipe, images, generator), labels)
    return {"reconstruction": loss, "kl": kl, "neg_elbo": loss + kl}


# ---- What is drawn at random ----


class Estimate:
    """The mean over images of what was drawn anew for each a few times, [draws, images].

    `tolerance` is five standard deviations of what lies between this mean and that of one other draw for the same
    images: by chance it is exceeded once in two million times.
    """

    def __init__(self, draws):
        count, images = draws.shape
        self.mean = draws.mean().item()
        self.tolerance = 5 * math.sqrt(draws.var(0).mean().item() / images * (1 + 1 / count))


def generator_of(seed):
    return torch.Generator().manual_seed(seed)


def estimate(draw, count=2):
    """An estimate from `draw(generator)`, [images], or a dict of estimates where it gives a dict."""
    draws = [draw(generator_of(4711 + i)) for i in range(count)]
    if isinstance(draws[0], dict):
        return {key: Estimate(torch.stack([each[key] for each in draws])) for key in draws[0]}
    return Estimate(torch.stack(draws))


# ---- Data ----


def find_mnist():
    """The folder with MNIST's files where `ZWEI_DATA_DIR` has them, or None."""
    folder = Path(os.environ.get("ZWEI_DATA_DIR") or "no such folder") / "mnist"
    names = [zwei_cli.idx_name(part, kind, ".gz") for part in ("t10k", "train") for kind in ("images", "labels")]
    return folder if all((folder / name).is_file() for name in names) else None


def read_part(folder, part):
    """Pixels [N, 784], 0 to 255, and labels [N] of packed IDX files."""
    images = gzip.decompress((folder / zwei_cli.idx_name(part, "images", ".gz")).read_bytes())
    labels = gzip.decompress((folder / zwei_cli.idx_name(part, "labels", ".gz")).read_bytes())
    magic, count, height, width = struct.unpack_from(">4I", images)
    assert (magic, height, width) == (0x803, 28, 28), "these are no MNIST images"
    assert struct.unpack_from(">2I", labels) == (0x801, count), "these are not the images' labels"
    pixels = numpy.frombuffer(images, "u1", offset=16).reshape(count, PIXELS)
    return torch.tensor(pixels), torch.tensor(numpy.frombuffer(labels, "u1", offset=8)).long()


def write_part(folder, part, images, labels):
    """Pixels and labels as IDX files."""
    folder.mkdir(parents=True, exist_ok=True)
    images_file = zwei_cli.idx_images([image.numpy().tobytes() for image in images])
    (folder / zwei_cli.idx_name(part, "images")).write_bytes(images_file)
    (folder / zwei_cli.idx_name(part, "labels")).write_bytes(zwei_cli.idx_labels(labels.tolist()))


class Workplace:
    """A temporary folder in which the program runs; MNIST, and data sets of a few of its images."""

    def __init__(self, arguments):
        mnist = find_mnist()
        if not mnist:
            raise unittest.SkipTest("skipped: MNIST is not in ZWEI_DATA_DIR")
        torch.set_grad_enabled(False)
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)
        self.cli = zwei_cli.Cli(arguments.cli, self.folder)
        self.cli.environment["ZWEI_DATA_DIR"] = os.environ["ZWEI_DATA_DIR"]
        self.parts = {("mnist", part): read_part(mnist, part) for part in ("train", "t10k")}

    def write_data(self, name, train, test):
        """A data set `name` with these (images, labels), for `ask` to find."""
        for part, (images, labels) in (("train", train), ("t10k", test)):
            self.parts[name, part] = images, labels
            write_part(self.folder / "data" / name, part, images, labels)

    def first(self, part, count):
        """The first images and labels of MNIST."""
        images, labels = self.parts["mnist", part]
        return images[:count], labels[:count]

    def ask(self, command, *arguments):
        """Runs the program, which must succeed; its JSON, where it prints some."""
        data = ["--data-dir", self.folder / "data"] if "--data" in arguments else []
        done = self.cli.run(command, *arguments, *data)
        if done.status != 0:
            raise AssertionError(f"zwei-cli {command} {' '.join(map(str, arguments))}: {done}")
        return json.loads(done.out) if done.out.strip() else None

    def close(self):
        self.temporary.cleanup()


def shipped_models(arguments):
    """The model files that ship with the program."""
    return sorted((arguments.source / "resources" / "models").glob("*.safetensors"))
