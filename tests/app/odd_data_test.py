# SPDX-License-Identifier: GPL-3.0-or-later
"""Data that nobody plans for: images all of one grey, one image, two classes, a batch larger than the data, a learning
rate of a million, images from 1 x 1 to 512 x 512, pixels that are no numbers. Each ends in a sound result or in one
sentence.

Standard library only; works on tiny data sets that it makes by hand.
"""

import os
import random
import struct
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import zwei_cli
from zwei_cli import SIDE, idx_images, idx_labels, idx_name, png_of

DONE, FAILED = 0, 1
PIXELS = SIDE * SIDE
SYSTEMS = {
    "vae": ("--hidden", "16"),
    "conv-vae": ("--channels", "4,4", "--hidden", "8"),
    "cvae": ("--hidden", "16"),
    "ae": ("--hidden", "16"),
    "aae": ("--hidden", "16"),
    "pca": (),
    "denoise": ("--channels", "4,4"),
    "superres-2x": ("--channels", "4,4"),
}
WORLD = None


def noise(count, seed=1):
    chance = random.Random(seed)
    return [chance.randbytes(PIXELS) for _ in range(count)]


ODD_SETS = {  # the images of each part, and their labels
    "black": ([bytes(PIXELS)] * 20, [i % 10 for i in range(20)]),
    "white": ([b"\xff" * PIXELS] * 20, [i % 10 for i in range(20)]),
    "grey": ([b"\x80" * PIXELS] * 20, [i % 10 for i in range(20)]),
    "one-image": (noise(1), [7]),
    "two-classes": (noise(40), [3 + 5 * (i % 2) for i in range(40)]),
    "one-class": (noise(40), [4] * 40),
    "less-than-a-batch": (noise(7), [1, 2, 3, 4, 5, 6, 7]),
}


class World:
    """A folder with the odd data sets, and the program."""

    def __init__(self, program):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)
        self.cli = zwei_cli.Cli(program, self.folder)
        self.cli.environment["OMP_NUM_THREADS"] = "1"
        for name, (images, labels) in ODD_SETS.items():
            self.write_set(name, images, labels)

    def write_set(self, name, images, labels, side=SIDE):
        folder = self.folder / "data" / name
        folder.mkdir(parents=True)
        for part in ("train", "t10k"):
            (folder / idx_name(part, "images")).write_bytes(idx_images(images, side))
            (folder / idx_name(part, "labels")).write_bytes(idx_labels(labels))

    def fresh(self):
        return Path(tempfile.mkdtemp(dir=self.folder))

    def on(self, name):
        return ("--data", name, "--data-dir", self.folder / "data")


def setUpModule():
    global WORLD
    WORLD = World(ARGUMENTS.cli)


def tearDownModule():
    if WORLD:
        WORLD.temporary.cleanup()


class OddDataTest(unittest.TestCase):
    def check_end(self, run, what):
        """A sound result, or one sentence; returns whether it is a result."""
        said = f"{what}: {run}"
        self.assertIn(run.status, (DONE, FAILED), said)
        if run.status == FAILED:
            self.assertRegex(run.lines()[-1], r"^zwei-cli: \S.*\.$", said)
            for machinery in ("c10::", "at::", "Exception raised from", ".cpp:"):
                self.assertNotIn(machinery, run.err, said)
        for word in ("nan", "inf", "null"):
            self.assertNotIn(word, run.out.lower(), said)
        return run.status == DONE

    def all_end(self, cases, check):
        """Runs `check` on each case, side by side."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for case, future in [(case, pool.submit(check, case)) for case in cases]:
                with self.subTest(case):
                    future.result()
        print(f"{len(cases)} cases;", end=" ")

    def check_system(self, data, preset, *options):
        """Trains, and uses what was learnt as a person does."""
        folder = WORLD.fresh()
        model = folder / "model"
        what = f"{preset} on {data} {options}"
        run = WORLD.cli.run("train", "--preset", preset, *SYSTEMS[preset], *WORLD.on(data), "--epochs", 2, *options, "--json",
                            "--with-codes", "--out", model)
        if not self.check_end(run, what):
            return False
        for command in (("eval", model, *WORLD.on(data), "--json"),
                        ("scatter", model, *WORLD.on(data), "--out", folder / "scatter.png")):
            self.check_end(WORLD.cli.run(*command), f"{what}, then {command[0]}")
        return True

    def test_sets(self):
        """every system learns from every odd data set"""
        cases = [(data, preset) for data in ODD_SETS for preset in SYSTEMS]

        def check(case):
            self.assertTrue(self.check_system(*case), case)

        self.all_end(cases, check)

    def test_learning_rate(self):
        """a learning rate of a million ends in a result or in a sentence that names it"""

        def check(preset):
            self.check_system("two-classes", preset, "--lr", "1e6", "--schedule", "constant")

        self.all_end(list(SYSTEMS), check)

    def test_shapes(self):
        """a data set of images that are not 28 x 28 is refused in a sentence"""
        for side in (1, 27, 512):
            WORLD.write_set(f"side-{side}", [bytes(side * side)] * 3, [0, 1, 2], side)
            run = WORLD.cli.run("train", *WORLD.on(f"side-{side}"), "--out", WORLD.fresh() / "m")
            self.assertFalse(self.check_end(run, side))
            self.assertIn("28", run.err)

    def write_images(self, folder):
        """Of every size, black, white and a square in the middle; and floating-point pixels that are no numbers."""
        for width, height in ((1, 1), (1, 512), (2, 2), (28, 28), (27, 29), (512, 1), (512, 512)):
            square = bytes(255 if abs(2 * x - width) < width / 2 and abs(2 * y - height) < height / 2 else 0
                           for y in range(height) for x in range(width))
            for name, pixels in (("black", bytes(width * height)), ("white", b"\xff" * (width * height)), ("square", square)):
                (folder / f"{width}x{height}-{name}.png").write_bytes(png_of(pixels, width))
        floats = struct.pack("<12f", *[float("nan"), float("inf"), -float("inf"), 0.5] * 3)
        (folder / "no-numbers.pfm").write_bytes(b"Pf\n4 3\n-1.0\n" + floats)
        entries = ((256, 4), (257, 3), (258, 32), (259, 1), (262, 1), (273, 8), (277, 1), (278, 3), (279, 48), (339, 3))
        directory = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
        (folder / "no-numbers.tif").write_bytes(b"II*\0" + struct.pack("<I", 56) + floats
                                                + struct.pack("<H", len(entries)) + directory + bytes(4))

    def test_images(self):
        """images of any size are normalised, denoised, enlarged and encoded, or refused in a sentence"""
        folder = WORLD.fresh()
        self.write_images(folder)
        vae = ARGUMENTS.source / "resources" / "models" / "vae.safetensors"
        commands = {"normalise": ("normalise",), "denoise": ("denoise",), "upscale": ("upscale",), "encode": ("encode", vae)}
        cases = [(name, image) for name in commands for image in sorted(folder.iterdir())]

        def check(case):
            out = WORLD.fresh() / ("codes.csv" if case[0] == "encode" else "out")
            run = WORLD.cli.run(*commands[case[0]], case[1], "--out", out)
            if self.check_end(run, case):
                self.assertTrue(out.exists(), case)

        self.all_end(cases, check)

    def test_folder(self):
        """a folder of images of every size, two classes of them, is a data set that a model learns from"""
        folder = WORLD.fresh()
        for name in ("first", "second"):
            (folder / name).mkdir()
            self.write_images(folder / name)
        run = WORLD.cli.run("train", "--data", folder, "--hidden", "16", "--epochs", 1, "--json", "--out", WORLD.fresh() / "m")
        self.assertTrue(self.check_end(run, "folder"), run)


if __name__ == "__main__":
    ARGUMENTS = zwei_cli.parse_arguments()
    sys.exit(zwei_cli.run_tests(ARGUMENTS.tests))
