# SPDX-License-Identifier: GPL-3.0-or-later
"""A VAE on MNIST in PyTorch, as a careful person or the lesson would write it: what Zwei's training is measured against.

Prints one line of JSON: the threads, the seconds of each epoch (training only), the test -ELBO after it (if asked for).

  reference   784-512-2-512-784, ReLU, Bernoulli, Adam 1e-3, batch 128
  published   784-512-256-2 and back, ReLU, Adam 1e-3, batch 100: the recipe behind most published figures
  keras       the convolutional VAE of the Keras example `vae.py`: 32 and 64 channels, strided, 16 features, batch 128
"""

import argparse
import gzip
import io
import json
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def images(part):
    file = Path(os.environ["ZWEI_DATA_DIR"]) / "mnist" / f"{part}-images-idx3-ubyte.gz"
    return np.frombuffer(gzip.open(file).read(), np.uint8, offset=16).reshape(-1, 28, 28)


class Vae(nn.Module):
    def __init__(self, encoder, features, decoder):
        super().__init__()
        self.encoder = encoder
        self.mu = nn.Linear(features, 2)
        self.log_var = nn.Linear(features, 2)
        self.decoder = decoder

    def forward(self, x):
        h = self.encoder(x)
        mu, log_var = self.mu(h), self.log_var(h)
        z = mu + torch.exp(0.5 * log_var) * torch.randn_like(mu)
        return self.decoder(z), mu, log_var


def dense(*widths):
    encoder, decoder = [nn.Flatten()], []
    for a, b in zip((784, *widths), widths):
        encoder += [nn.Linear(a, b), nn.ReLU()]
    back = widths[::-1]
    for a, b in zip((2, *back), back):
        decoder += [nn.Linear(a, b), nn.ReLU()]
    return Vae(nn.Sequential(*encoder), back[0], nn.Sequential(*decoder, nn.Linear(back[-1], 784)))


def keras():
    encoder = nn.Sequential(nn.Conv2d(1, 32, 3, 2, 1), nn.ReLU(), nn.Conv2d(32, 64, 3, 2, 1), nn.ReLU(), nn.Flatten(),
                            nn.Linear(7 * 7 * 64, 16), nn.ReLU())
    decoder = nn.Sequential(nn.Linear(2, 7 * 7 * 64), nn.ReLU(), nn.Unflatten(1, (64, 7, 7)),
                            nn.ConvTranspose2d(64, 64, 3, 2, 1, 1), nn.ReLU(),
                            nn.ConvTranspose2d(64, 32, 3, 2, 1, 1), nn.ReLU(), nn.ConvTranspose2d(32, 1, 3, 1, 1))
    return Vae(encoder, 16, decoder)


NETWORKS = {"reference": (lambda: dense(512), 128), "published": (lambda: dense(512, 256), 100), "keras": (keras, 128)}


def neg_elbo(model, x):
    logits, mu, log_var = model(x)
    reconstruction = F.binary_cross_entropy_with_logits(logits.flatten(1), x.flatten(1), reduction="sum")
    kl = -0.5 * torch.sum(1 + log_var - mu.square() - log_var.exp())
    return (reconstruction + kl) / len(x)


class Memory:
    """All images in one tensor, batches by index: nothing is done twice."""

    def __init__(self, batch):
        self.images = torch.from_numpy(images("train").copy()).float().div_(255).unsqueeze(1)
        self.batch = batch

    def __iter__(self):
        for index in torch.randperm(len(self.images)).split(self.batch):
            yield self.images[index]


class Lesson(torch.utils.data.Dataset):
    """The lesson's way: an image file is decoded and made a tensor each time it is asked for."""

    def __init__(self):
        from PIL import Image

        self.open = Image.open
        self.files = []
        for image in images("train"):
            file = io.BytesIO()
            Image.fromarray(image).save(file, "PNG")
            self.files.append(file.getvalue())

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        return torch.from_numpy(np.array(self.open(io.BytesIO(self.files[i])))).float().div(255).unsqueeze(0)


def test_loss(model, test):
    with torch.no_grad():
        return sum(neg_elbo(model, x).item() * len(x) for x in test.split(500)) / len(test)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", choices=NETWORKS, default="reference")
    parser.add_argument("--data", choices=["memory", "lesson"], default="memory")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--until", type=float, default=-math.inf, help="stop once the test -ELBO is no more than this")
    parser.add_argument("--seconds", type=float, default=math.inf, help="stop after so long a training")
    parser.add_argument("--test", action="store_true", help="the test -ELBO after each epoch")
    parser.add_argument("--threads", type=int, default=0, help="0: what PyTorch takes itself")
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    build, batch = NETWORKS[arguments.network]
    model = build()
    optimiser = torch.optim.Adam(model.parameters(), 1e-3)
    data = Memory(batch)
    if arguments.data == "lesson":
        data = torch.utils.data.DataLoader(Lesson(), batch, shuffle=True)
    test = torch.from_numpy(images("t10k").copy()).float().div_(255).unsqueeze(1)
    seconds, losses = [], []
    for _ in range(arguments.epochs):
        start = time.perf_counter()
        for x in data:
            loss = neg_elbo(model, x)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        seconds.append(time.perf_counter() - start)
        if arguments.test:
            losses.append(test_loss(model, test))
            if losses[-1] <= arguments.until:
                break
        if sum(seconds) > arguments.seconds:
            break
    print(json.dumps({"threads": torch.get_num_threads(), "seconds": seconds, "neg_elbo": losses}))


if __name__ == "__main__":
    main()
