# SPDX-License-Identifier: GPL-3.0-or-later
"""A second opinion on what the program says of a model.

Trains small models with the program, and then does all again in PyTorch, with nothing of the program's but the model
file: reads it, rebuilds the network from its recipe, measures the -ELBO on MNIST's test images, encodes and decodes.
What both say must agree.
"""

import csv
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
    from PIL import Image
    from torch import nn
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(zwei_cli.SKIPPED)

NATS = 0.3  # two samples of the same expectation over 10,000 images differ by less
NATS_EXACT = 0.01  # where nothing is sampled
GREY_LEVELS = 1
CODE = 1e-3
POINTS = ((0.0, 0.0), (1.25, -0.75), (-2.5, 0.4), (3.0, 3.0))
PICTURES = (0, 1, 2, 1500, 9999)

CLI = None  # the program, where to work, and MNIST's test images: set by setUpModule
FOLDER = None
IMAGES = None


# ---- The other implementation ----


def read_model(file):
    """The recipe and the tensors of a safetensors file."""
    content = file.read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        kind = {"F32": "<f4", "F16": "<f2", "U8": "u1"}[entry["dtype"]]
        values = numpy.frombuffer(content[8 + length + begin : 8 + length + end], kind)
        tensors[name] = torch.tensor(values.astype("f4").reshape(entry["shape"]))
    return json.loads(metadata["recipe"]), tensors


def dense(widths, activation):
    """Linear layers with an activation after each."""
    return [layer for a, b in zip(widths, widths[1:]) for layer in (nn.Linear(a, b), activation())]


def dense_halves(recipe, activation):
    """Encoder, decoder, and the width between."""
    hidden = recipe["hidden"]
    decoder = dense([recipe["latent_size"], *reversed(hidden)], activation) + [nn.Linear(hidden[0], 784)]
    return dense([784, *hidden], activation), decoder, hidden[-1]


def convolutional_halves(recipe, activation):
    """3x3 convolutions; a maximum over 2x2 halves the image (28, 14, 7, 4), and nearest neighbours double it again.

    Four doubles to 8, 16 and 32: where 28 is to come out at the end, the 16 lose their border to a convolution without
    padding.
    """
    channels, encoder, side = recipe["channels"], [nn.Unflatten(1, (1, 28, 28))], 28
    for a, b in zip([1, *channels], channels):
        encoder += [nn.Conv2d(a, b, 3, padding=1), activation(), nn.MaxPool2d(2, ceil_mode=True)]
        side = math.ceil(side / 2)
    encoder.append(nn.Flatten())
    features = channels[-1] * side * side
    decoder = [nn.Linear(recipe["latent_size"], features), activation(), nn.Unflatten(1, (channels[-1], side, side))]
    back = list(reversed(channels))
    for a, b in zip([back[0], *back], back):
        padding = 0 if side == 16 else 1
        decoder += [nn.Conv2d(a, b, 3, padding=padding), activation(), nn.Upsample(scale_factor=2)]
        side = 2 * (side - 2 + 2 * padding)
    return encoder, decoder + [nn.Conv2d(back[-1], 1, 3, padding=1), nn.Flatten()], features


class Vae(nn.Module):
    """The network that a recipe describes, in double precision."""

    def __init__(self, recipe, tensors):
        super().__init__()
        halves = {"dense": dense_halves, "convolutional": convolutional_halves}[recipe["backbone"]]
        encoder, decoder, features = halves(recipe, {"gelu": nn.GELU, "relu": nn.ReLU}[recipe["activation"]])
        self.encoder, self.decoder = nn.Sequential(*encoder), nn.Sequential(*decoder)
        self.mu = nn.Linear(features, recipe["latent_size"])
        self.log_var = nn.Linear(features, recipe["latent_size"])
        self.likelihood = recipe["reconstruction"]
        self.load_state_dict(tensors, strict=True)  # fails for any tensor that is missing, unknown or of another shape
        self.double().eval()

    def encode(self, images):
        features = self.encoder(images)
        return self.mu(features), self.log_var(features)

    def decode(self, z):
        return torch.sigmoid(self.decoder(z))

    def log_likelihood(self, images, logits):
        """log p(x|z), [N]: of Bernoulli pixels, or of Gaussian ones with variance 1/2."""
        if self.likelihood == "bernoulli":
            return (images * logits - nn.functional.softplus(logits)).sum(1)
        normal = torch.distributions.Normal(torch.sigmoid(logits), math.sqrt(0.5))
        return normal.log_prob(images).sum(1)

    def elbo_terms(self, images, deviation):
        """-ELBO, reconstruction and KL in nats an image; `deviation` makes the posterior's sigma of its log variance."""
        mu, log_var = self.encode(images)
        noise = torch.randn(mu.shape, generator=torch.Generator().manual_seed(4711), dtype=mu.dtype)
        logits = torch.cat([self.decoder(z) for z in (mu + deviation(log_var) * noise).split(1000)])
        reconstruction = -self.log_likelihood(images, logits).mean().item()
        variance = log_var.exp()
        kl = 0.5 * (mu**2 + variance - log_var - 1).sum(1).mean().item()
        return {"neg_elbo": reconstruction + kl, "reconstruction": reconstruction, "kl": kl}


def sigma(log_var):
    return torch.exp(log_var / 2)


# ---- Data ----


def find_test_images():
    """MNIST's test images where `ZWEI_DATA_DIR` has them, or None."""
    folder = Path(os.environ.get("ZWEI_DATA_DIR") or "no such folder")
    files = [folder / "mnist" / zwei_cli.idx_name(part, "images", ".gz") for part in ("t10k", "train")]
    return files[0] if all(file.is_file() for file in files) else None


def read_images(file):
    """Pixels [N, 784] of a packed IDX file, 0 to 255."""
    content = gzip.decompress(file.read_bytes())
    magic, count, height, width = struct.unpack_from(">4I", content)
    assert (magic, height, width) == (0x803, 28, 28), "these are no MNIST images"
    return torch.tensor(numpy.frombuffer(content, "u1", offset=16).reshape(count, height * width))


def read_codes(file):
    """Codes [N, 2 * size] of a CSV file: mu and then log variance; and its other columns."""
    with open(file, newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    return torch.tensor([[float(value) for value in row[2:]] for row in rows]), [row[:2] for row in rows]


def setUpModule():
    """Finds MNIST and reads it, or leaves all tests to be skipped."""
    global FOLDER, CLI, IMAGES
    file = find_test_images()
    if not file:
        raise unittest.SkipTest("skipped: MNIST is not in ZWEI_DATA_DIR")
    torch.set_grad_enabled(False)
    FOLDER = tempfile.TemporaryDirectory()
    CLI = zwei_cli.Cli(ARGUMENTS.cli, FOLDER.name)
    CLI.environment["ZWEI_DATA_DIR"] = os.environ["ZWEI_DATA_DIR"]
    IMAGES = read_images(file)


def tearDownModule():
    if FOLDER:
        FOLDER.cleanup()


# ---- What is compared ----


class Comparison:
    """The checks of one model; each class below is one."""

    name, options = "", ()

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(FOLDER.name)
        cls.model = cls.folder / f"{cls.name}.safetensors"
        cls.trained = cls.ask("train", "--data", "mnist", "--epochs", 1, "--json", "--out", cls.model, *cls.options)
        cls.recipe, tensors = read_model(cls.model)
        cls.vae = Vae(cls.recipe, tensors)
        cls.inputs = IMAGES.double() / 255

    @staticmethod
    def ask(*arguments):
        """Runs the program; its JSON, where it prints some."""
        done = CLI.run(*arguments)
        if done.status != 0:
            raise AssertionError(f"zwei-cli {' '.join(map(str, arguments))}: {done}")
        return json.loads(done.out) if done.out.strip() else None

    def test_elbo(self):
        """-ELBO, reconstruction and KL of 10,000 test images are the program's"""
        own = self.vae.elbo_terms(self.inputs, sigma)
        said = self.ask("eval", self.model, "--data", "mnist", "--json")
        self.assertEqual(said["images"], len(IMAGES))
        for term, value in own.items():
            print(f"{term} {value:.4f}, the program {said['test'][term]:.4f};", end=" ")
            self.assertAlmostEqual(value, said["test"][term], delta=NATS)
            self.assertAlmostEqual(self.trained["test"][term], said["test"][term], delta=self.rounding)
        self.assertAlmostEqual(own["kl"], said["test"]["kl"], delta=NATS_EXACT)

    rounding = 1e-3  # nats by which a model file may differ from the model that was trained

    def decoded(self, point):
        """What the program decodes, [784]."""
        picture = self.folder / "decoded.png"
        self.ask("decode", self.model, "--z=" + ",".join(map(str, point)), "--out", picture)
        with Image.open(picture) as image:
            self.assertEqual((image.size, image.mode), ((28, 28), "L"))
            return torch.tensor(numpy.array(image, dtype="f8").reshape(784))

    def test_decode(self):
        """decoded images are the program's, within one grey level"""
        size = self.recipe["latent_size"]
        for corner in POINTS:
            point = (corner * size)[:size]
            own = 255 * self.vae.decode(torch.tensor([point], dtype=torch.float64))[0]
            self.assertGreater(own.max() - own.min(), 50, "an empty image proves nothing")
            self.assertLessEqual((self.decoded(point) - own).abs().max().item(), GREY_LEVELS)

    def test_encode(self):
        """codes of the test images are the program's, and so are those of test images saved as PNG"""
        table = self.folder / "codes.csv"
        self.ask("encode", self.model, "--data", "mnist", "--out", table)
        said, _ = read_codes(table)
        own = torch.cat(self.vae.encode(self.inputs), dim=1)
        self.assertEqual(said.shape, own.shape)
        difference = (said - own).abs().max().item()
        print(f"largest difference {difference:.1e};", end=" ")
        self.assertLess(difference, CODE)
        self.compare_pictures(said)

    def compare_pictures(self, codes):
        files = [str(self.folder / f"{index}.png") for index in PICTURES]
        for index, file in zip(PICTURES, files):
            Image.fromarray(IMAGES[index].numpy().reshape(28, 28)).save(file)
        table = self.folder / "pictures.csv"
        self.ask("encode", self.model, *files, "--out", table)
        said, names = read_codes(table)
        self.assertEqual(names, [[file, ""] for file in files])
        self.assertLess((said - codes[list(PICTURES)]).abs().max().item(), CODE)


class DenseVae(Comparison, unittest.TestCase):
    name, options = "dense", ("--hidden", "64,32")

    def test_would_notice(self):
        """a sigma of exp(log variance), as in the lesson, would be noticed"""
        right = self.vae.elbo_terms(self.inputs, sigma)
        wrong = self.vae.elbo_terms(self.inputs, torch.exp)
        self.assertGreater(abs(right["reconstruction"] - wrong["reconstruction"]), 2 * NATS)


class GaussianVae(Comparison, unittest.TestCase):
    """Three dimensions, ReLU, Gaussian pixels, and a file in half precision."""

    name, options = "gaussian", ("--hidden", "48", "--activation", "relu", "--loss", "gaussian", "--latent", 3, "--half")
    rounding = 0.05


class ConvolutionalVae(Comparison, unittest.TestCase):
    """Three stages, so that the way back needs the convolution that trims."""

    name, options = "convolutional", ("--preset", "conv-vae", "--channels", "4,4,4", "--batch", 500)


if __name__ == "__main__":
    ARGUMENTS = zwei_cli.parse_arguments()
    sys.exit(zwei_cli.run_tests(ARGUMENTS.tests))
