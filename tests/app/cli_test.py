# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line program as a user meets it: what it does when all is well, and what it says when something is not.

Works on tiny data sets that it makes by hand, so that it needs no download.
"""

import csv
import itertools
import json
import math
import os
import platform
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import zwei_cli
from zwei_cli import LIMIT_S, SIDE, idx_images, idx_labels, idx_name, packed, png_of, png_size

DONE, FAILED, BAD_ARGUMENTS = 0, 1, 2
SUBCOMMANDS = ("train", "eval", "grid", "scatter", "encode", "decode", "reconstruct", "dream", "normalise", "denoise",
               "upscale", "data", "export", "demo", "doctor")
TERMS = {"neg_elbo", "reconstruction", "kl"}
TINY = ("--hidden", "16", "--batch", 50, "--threads", 1)
TRAIN, TEST = 300, 100

WORLD = None  # set by setUpModule


# ---- What the tests work on ----


def drawing(label, chance):
    """A bright bar on black whose place tells its class, with a little noise; the border stays black."""
    rows = [bytearray(SIDE) for _ in range(SIDE)]
    for y in range(3 + 2 * label, 6 + 2 * label):
        for x in range(4, 24):
            rows[y][x] = chance.randrange(160, 256)
    return b"".join(bytes(row) for row in rows)


def part_files(part, count, seed=0, ending=""):
    """The image and the label file of one part, by name."""
    chance = random.Random(seed)
    labels = [i % 10 for i in range(count)]
    files = {"images": idx_images([drawing(label, chance) for label in labels]), "labels": idx_labels(labels)}
    return {idx_name(part, kind, ending): packed(data) if ending == ".gz" else data for kind, data in files.items()}


def whole_set(ending=""):
    return {**part_files("train", TRAIN, 1, ending), **part_files("t10k", TEST, 2, ending)}


class World:
    """A folder with good data sets, a good model, and the program; all that every test may read and none changes."""

    def __init__(self, program):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)
        self.home = self.made("home")
        self.data = self.made("data")
        self.cli = zwei_cli.Cli(program, self.home)
        self.write_set(self.data / "plain", whole_set())
        self.write_set(self.data / "packed", whole_set(".gz"))
        self.write_set(self.data / "testonly", part_files("t10k", TEST, 2))
        self.write_set(self.data / "unlabelled", {name: data for name, data in whole_set().items() if "images" in name})
        self.write_set(self.data / "One" / "raw", {**part_files("train", 1), **part_files("t10k", 1)})
        self.model = self.folder / "model.safetensors"
        self.wide_model = self.folder / "wide.safetensors"
        self.train(self.model)
        self.train(self.wide_model, "--latent", 3)

    def made(self, name):
        folder = self.folder / name
        folder.mkdir(parents=True)
        return folder

    @staticmethod
    def write_set(folder, files):
        folder.mkdir(parents=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)

    def fresh(self):
        """An empty folder."""
        return Path(tempfile.mkdtemp(dir=self.folder))

    def train(self, out, *options, data="plain", epochs=2):
        """Trains a tiny model and returns the report."""
        source = ("--data", data, "--data-dir", self.data)
        done = self.cli.run("train", *source, "--json", "--out", out, "--epochs", epochs, *TINY, *options)
        if done.status != DONE:
            raise AssertionError(str(done))
        return json.loads(done.out)


def setUpModule():
    global WORLD
    WORLD = World(ARGUMENTS.cli)


def tearDownModule():
    if WORLD:
        WORLD.temporary.cleanup()


class CliTest(unittest.TestCase):
    """Runs the program in a folder of its own, and knows what a refusal looks like."""

    def setUp(self):
        self.folder = WORLD.fresh()

    def done(self, *arguments, **options):
        """Runs; it must succeed."""
        run = WORLD.cli.run(*arguments, **options)
        self.assertEqual(run.status, DONE, f"{arguments}: {run}")
        return run

    def json(self, *arguments, **options):
        """What it prints is one line of JSON and nothing else; numbers are finite."""

        def never(constant):
            self.fail(f"{arguments} prints {constant}")

        out = self.done(*arguments, **options).out
        self.assertEqual(out.count("\n"), 1, out)
        self.assertNotIn("null", out)
        return json.loads(out, parse_constant=never)

    def check_refusal(self, run, arguments, status, says):
        """It ended with `status` (or one of several), and said one line on standard error and nothing else."""
        said = f"{' '.join(map(str, arguments))}: {run}"
        self.assertIn(run.status, status if isinstance(status, tuple) else (status,), said)
        self.assertEqual(len(run.lines()), 1, said)
        self.assertRegex(run.err, r"^zwei-cli: \S.*\n\Z", said)
        self.assertFalse([c for c in run.err if ord(c) < 32 and c != "\n"], said)
        for machinery in ("terminate called", "what():", "c10::", "at::", "Exception raised from", ".cpp:"):
            self.assertNotIn(machinery, run.err, said)
        self.assertEqual(run.out, "", said)
        self.assertIn(says.lower(), run.err.lower(), said)

    def refused(self, *arguments, status=FAILED, says="", **options):
        """Runs; it must be refused, and write nothing."""
        self.all_refused({"": (arguments, says)}, status, **options)

    def all_refused(self, cases, status=FAILED, **options):
        """Runs side by side what must be refused: by name, the arguments and what the sentence says."""
        before = snapshot(self.folder)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            runs = list(pool.map(lambda case: WORLD.cli.run(*case[0], **options), cases.values()))
        for run, (name, (arguments, says)) in zip(runs, cases.items()):
            with self.subTest(name) if name else nullcontext():
                self.check_refusal(run, arguments, status, says)
        after = snapshot(self.folder)
        if before != after:
            self.fail(f"Something was left behind or changed: {sorted(set(before.items()) ^ set(after.items()))!r:.1000}")
        if len(cases) > 1:
            print(f"{len(cases)} cases;", end=" ")


def snapshot(folder):
    """What is in a folder, down to the bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


# ---- When all is well ----


class Training(CliTest):
    def check_report(self, report, epochs=2):
        self.assertEqual(set(report), {"epochs", "seconds", "images_per_second", "train", "test"})
        self.assertEqual(report["epochs"], epochs)
        self.assertGreater(report["seconds"], 0)
        self.assertGreater(report["images_per_second"], 0)
        for part in ("train", "test"):
            terms = report[part]
            self.assertEqual(set(terms), TERMS)
            self.assertAlmostEqual(terms["neg_elbo"], terms["reconstruction"] + terms["kl"], places=6)
            self.assertGreaterEqual(terms["kl"], 0)

    def test_report(self):
        """training ends with one line of JSON that has its keys, and leaves the model alone in its folder"""
        out = self.folder / "model.safetensors"
        self.check_report(self.json("train", "--data", "plain", "--data-dir", WORLD.data, "--json", "--out", out,
                                    "--epochs", 2, *TINY))
        self.assertEqual([path.name for path in self.folder.iterdir()], [out.name])

    def test_progress(self):
        """without --json nothing is on standard output; standard error tells of every epoch"""
        run = self.done("train", "--data", "plain", "--data-dir", WORLD.data, "--out", self.folder / "m",
                        "--epochs", 2, *TINY)
        self.assertEqual(run.out, "")
        self.assertEqual(sum(line.startswith("epoch") for line in run.lines()), 2, run)
        self.assertNotIn("\r", run.err)

    def test_seed(self):
        """the same seed on one thread gives the same losses and weights to the bit, packed or not; another does not"""
        files = [self.folder / name for name in "abcd"]
        runs = [
            WORLD.train(file, "--seed", seed, data=data)
            for file, seed, data in zip(files, (7, 7, 7, 8), ("plain", "plain", "packed", "plain"))
        ]
        losses = [{part: run[part] for part in ("train", "test")} for run in runs]
        tensors = [zwei_cli.tensor_bytes(*zwei_cli.split_safetensors(file)) for file in files]
        for i in (1, 2):
            self.assertEqual(losses[i], losses[0])
            self.assertEqual(tensors[i], tensors[0])
        self.assertNotEqual(losses[3], losses[0])
        self.assertNotEqual(tensors[3], tensors[0])

    def test_learns(self):
        """more epochs reach a better -ELBO"""
        few = WORLD.train(self.folder / "a", epochs=1)
        many = WORLD.train(self.folder / "b", epochs=40)
        self.assertLess(many["test"]["neg_elbo"], few["test"]["neg_elbo"] - 20)

    def test_recipes(self):
        """every option of the recipe trains, and the file says what was asked for"""
        options = ("--lr", "0.01", "--schedule", "constant", "--beta", "0.5", "--activation", "relu", "--loss", "gaussian",
                   "--patience", 3, "--seed", 18446744073709551615)
        asked = {"learning_rate": 0.01, "schedule": "constant", "beta": 0.5, "activation": "relu", "hidden": [16],
                 "reconstruction": "gaussian", "patience": 3, "seed": 18446744073709551615, "batch": 50, "epochs": 2}
        self.check_report(WORLD.train(self.folder / "m", *options))
        header, _ = zwei_cli.split_safetensors(self.folder / "m")
        recipe = json.loads(header["__metadata__"]["recipe"])
        self.assertEqual(asked, {key: recipe[key] for key in asked})

    def test_convolutional(self):
        """a convolutional network trains and is read again"""
        out = self.folder / "m"
        base = ("train", "--preset", "conv-vae", "--data", "plain", "--data-dir", WORLD.data, "--epochs", 1, "--threads", 1)
        for channels in ("2", "2,2", "2,2,2", "2,2,2,2", "2,2,2,2,2"):
            with self.subTest(channels):
                report = self.json(*base, "--channels", channels, "--json", "--out", out)
                self.check_report(report, epochs=1)
                said = self.json("eval", out, "--data", "plain", "--data-dir", WORLD.data, "--json")
                self.assertAlmostEqual(said["test"]["neg_elbo"], report["test"]["neg_elbo"], delta=1e-2)

    def test_early_stop(self):
        """a run with patience ends before its epochs when nothing gets better"""
        report = WORLD.train(self.folder / "m", "--lr", "1e-30", "--schedule", "constant", "--patience", 2, epochs=60)
        self.assertLess(report["epochs"], 60)

    def test_half(self):
        """half precision halves the file and moves the -ELBO by little"""
        out = self.folder / "half"
        single = WORLD.train(self.folder / "single")
        WORLD.train(out, "--half")
        self.assertLess(out.stat().st_size, 0.6 * (self.folder / "single").stat().st_size)
        said = self.json("eval", out, "--data", "plain", "--data-dir", WORLD.data, "--json")
        self.assertAlmostEqual(said["test"]["neg_elbo"], single["test"]["neg_elbo"], delta=0.5)

    def test_with_codes(self):
        """--with-codes puts the codes and labels of the test images into the file"""
        WORLD.train(self.folder / "m", "--with-codes")
        header, data = zwei_cli.split_safetensors(self.folder / "m")
        tensors = zwei_cli.tensor_bytes(header, data)
        self.assertEqual(header["test_codes"]["shape"], [TEST, 2])
        self.assertEqual(list(tensors["test_labels"]), [i % 10 for i in range(TEST)])
        self.done("decode", self.folder / "m", "--z", "0,0", "--out", self.folder / "z.png")

    def test_interrupt(self):
        """Ctrl+C ends a run well: the model is written, and the report tells of the epochs that were done"""
        out = self.folder / "m"
        process = WORLD.cli.start("train", "--data", "plain", "--data-dir", WORLD.data, "--json", "--out", out, *TINY,
                                  "--epochs", 100000)
        try:
            self.assertTrue(process.stderr.readline().startswith("epoch"))
            process.send_signal(signal.SIGINT)
            printed, said = process.communicate(timeout=60)
        finally:
            process.kill()
        self.assertEqual(process.returncode, DONE, said)
        self.check_report(json.loads(printed), epochs=json.loads(printed)["epochs"])
        self.done("decode", out, "--z", "0,0", "--out", self.folder / "z.png")
        self.assertEqual({path.name for path in self.folder.iterdir()}, {"m", "z.png"})

    def test_interrupt_in_the_first_epoch(self):
        """Ctrl+C before the first epoch is done keeps what was there, and leaves a checkpoint to go on from"""
        out, checkpoint = self.folder / "m", self.folder / "m.checkpoint.safetensors"
        out.write_text("old")
        process = WORLD.cli.start("train", "--data", "digits", "--out", out, "--epochs", 1, "--hidden", "512,512",
                                  "--checkpoint-every", 0.1)
        try:
            until = time.monotonic() + LIMIT_S
            while not checkpoint.exists() and process.poll() is None and time.monotonic() < until:
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            printed, said = process.communicate(timeout=LIMIT_S)
        finally:
            process.kill()
        self.assertEqual((process.returncode, printed), (FAILED, ""), said)
        self.assertIn("first epoch", said.splitlines()[-1])
        self.assertEqual(out.read_text(), "old")
        self.done("decode", checkpoint, "--z", "0,0", "--out", self.folder / "z.png")

    def test_overwrites(self):
        """an existing model is replaced by a good run and kept by a bad one"""
        out = self.folder / "m"
        out.write_text("old")
        self.refused("train", "--data", "nothing", "--data-dir", WORLD.data, "--out", out, *TINY)
        self.assertEqual(out.read_text(), "old")
        WORLD.train(out)
        self.assertGreater(out.stat().st_size, 1000)

    def test_no_room(self):
        """where the disk takes no more, checkpoints and the model fail in a sentence each, and the old file stays"""
        file = WORLD.fresh() / "model.safetensors"
        file.write_bytes(b"the old one")

        command = WORLD.cli.command(["train", "--data", "plain", "--data-dir", WORLD.data, "--epochs", 3, "--out", file,
                                     *TINY, "--checkpoint-every", "0.001"])
        run = subprocess.run(["prlimit", "--fsize=4000", *command], env=WORLD.cli.environment, capture_output=True,
                             text=True, timeout=LIMIT_S)
        self.assertEqual(run.returncode, FAILED)
        self.assertIn("The training goes on.", run.stderr)
        self.assertIn("cannot be written (File too large)", run.stderr.splitlines()[-1])
        self.assertIn("epoch  3 of 3", run.stderr)
        self.assertEqual(file.read_bytes(), b"the old one")
        self.assertEqual([path.name for path in file.parent.iterdir()], [file.name])

    def test_resume(self):
        """two epochs and two more are four, to the bit; a checkpoint that was left is not written over"""
        folder = WORLD.fresh()
        options = ("--data", "plain", "--data-dir", WORLD.data, "--threads", 1, "--json")
        recipe = ("--hidden", "16", "--batch", 50, "--schedule", "constant", "--lr", "1e-3")
        whole = self.json("train", *options, *recipe, "--epochs", 4, "--out", folder / "whole.safetensors")
        self.done("train", *options, *recipe, "--epochs", 2, "--out", folder / "half.safetensors")
        again = self.json("train", *options, "--resume", folder / "half.safetensors", "--epochs", 4, "--out",
                          folder / "more.safetensors")
        for part in ("train", "test"):
            self.assertEqual(whole[part], again[part])
        self.refused("train", *options, "--resume", folder / "half.safetensors", "--epochs", 2, "--out",
                     folder / "x.safetensors", says="2 epochs already")
        self.refused("train", *options, "--resume", folder / "half.safetensors", "--lr", 1, "--out",
                     folder / "x.safetensors", status=BAD_ARGUMENTS, says="--lr")
        left = folder / "x.checkpoint.safetensors"
        left.write_bytes((folder / "half.safetensors").read_bytes())
        self.refused("train", *options, *recipe, "--out", folder / "x.safetensors", says="cut off")
        self.done("train", *options, "--resume", left, "--epochs", 3, "--out", folder / "x.safetensors")
        self.assertFalse(left.exists())

    def test_touches_nothing_else(self):
        """files beside the model, whatever their names, stay as they are"""
        for ending in (".probe", ".part", ".tmp", "~"):
            (self.folder / f"m{ending}").write_text("mine")
        before = snapshot(self.folder)
        WORLD.train(self.folder / "m")
        after = snapshot(self.folder)
        del after["m"]
        self.assertEqual(after, before)


class DataSets(CliTest):
    def images(self, name, *options, **environment):
        """How many test images of a set the program finds."""
        return self.json("eval", WORLD.model, "--data", name, "--json", *options, **environment)["images"]

    def test_search_order(self):
        """--data-dir comes before ZWEI_DATA_DIR, and that before XDG_DATA_HOME/zwei or ~/.local/share/zwei"""
        places = {"given": 11, "named": 12, "xdg/zwei": 13, "home/.local/share/zwei": 14}
        for place, count in places.items():
            WORLD.write_set(self.folder / place / "where", part_files("t10k", count))
        given = ("--data-dir", self.folder / "given")
        named = {"ZWEI_DATA_DIR": self.folder / "named"}
        xdg = {"XDG_DATA_HOME": self.folder / "xdg"}
        home = {"HOME": self.folder / "home"}
        self.assertEqual(self.images("where", *given, env={**named, **xdg, **home}), 11)
        self.assertEqual(self.images("where", env={**named, **xdg, **home}), 12)
        self.assertEqual(self.images("where", env={**xdg, **home}), 13)
        self.assertEqual(self.images("where", env=home), 14)
        self.assertEqual(self.images("plain", *given, env={"ZWEI_DATA_DIR": WORLD.data}), TEST)

    def test_torchvision(self):
        """the layout of torchvision, MNIST/raw, is found under the name mnist in any case"""
        WORLD.write_set(self.folder / "MNIST" / "raw", part_files("t10k", 21))
        for name in ("mnist", "MNIST"):
            self.assertEqual(self.images(name, "--data-dir", self.folder), 21)

    def test_spellings(self):
        """both spellings of the files' names are found"""
        files = {name.replace("-idx", ".idx"): data for name, data in part_files("t10k", 22).items()}
        WORLD.write_set(self.folder / "dotted", files)
        self.assertEqual(self.images("dotted", "--data-dir", self.folder), 22)

    def test_unlabelled(self):
        """data without labels trains just the same, and its scatter has no labels"""
        labelled = WORLD.train(self.folder / "a")
        unlabelled = WORLD.train(self.folder / "b", data="unlabelled")
        self.assertEqual(unlabelled["test"], labelled["test"])
        source = ("scatter", self.folder / "b", "--data", "unlabelled", "--data-dir", WORLD.data)
        self.done(*source, "--out", self.folder / "s.png")
        self.done(*source, "--out", self.folder / "s.csv")
        png_size(self.folder / "s.png")
        self.assertEqual({row["label"] for row in read_table(self.folder / "s.csv")}, {""})

    def test_test_images_only(self):
        """a set with test images only can be measured and drawn, but not trained on"""
        self.assertEqual(self.images("testonly", "--data-dir", WORLD.data), TEST)
        self.done("scatter", WORLD.model, "--data", "testonly", "--data-dir", WORLD.data, "--out", self.folder / "s.png")
        out = self.folder / "m"
        self.refused("train", "--data", "testonly", "--data-dir", WORLD.data, "--out", out, says="test images only")

    def test_one_image(self):
        """a set of one image trains, and everything can be made from it"""
        WORLD.train(self.folder / "m", data="one")
        self.done("scatter", self.folder / "m", "--data", "one", "--data-dir", WORLD.data, "--out", self.folder / "s.png")
        self.assertEqual(self.images("one", "--data-dir", WORLD.data), 1)

    def test_folder_of_images(self):
        """a folder of one's own images is a data set: subfolders are labels, and what cannot be read is listed"""
        own = self.folder / "own"
        for digit, i in itertools.product((2, 5), range(14)):
            (own / str(digit)).mkdir(parents=True, exist_ok=True)
            (own / str(digit) / f"{i}.png").write_bytes(png_of(drawing(digit, random.Random(i))))
        for i in range(12):
            (own / "2" / f"bad\n{i}.png").write_bytes(b"a text")
        run = self.done("eval", WORLD.model, "--data", own, "--json")
        self.assertEqual((json.loads(run.out)["data"], json.loads(run.out)["images"]), ("own (folder)", 4))
        self.assertEqual(run.lines()[:2], [f"{own}: 24 images for training and 4 for testing, 2 classes",
                                           "12 could not be read:"])
        self.assertEqual((len(run.lines()), run.lines()[-1]), (13, "  and 2 more"))
        self.done("encode", WORLD.model, "--data", "own", "--out", self.folder / "e.csv", cwd=self.folder)
        self.assertEqual(sorted(row["label"] for row in read_table(self.folder / "e.csv")), ["2", "2", "5", "5"])

    def test_name_before_folder(self):
        """the name of a data set is not taken for a folder of that name"""
        (self.folder / "plain").mkdir()
        self.assertEqual(self.images("plain", "--data-dir", WORLD.data, cwd=self.folder), TEST)


def read_table(file):
    with open(file, newline="") as stream:
        return list(csv.DictReader(stream))


class Looking(CliTest):
    """eval, grid, scatter, encode and decode on a good model."""

    tiny = ("--data", "plain", "--data-dir")

    def test_eval(self):
        """eval says what training said, as a table and as JSON"""
        trained = WORLD.train(self.folder / "m")
        source = ("eval", self.folder / "m", *self.tiny, WORLD.data)
        said = self.json(*source, "--json")
        self.assertEqual((said["data"], said["images"]), ("plain", TEST))
        for term in TERMS:
            self.assertAlmostEqual(said["test"][term], trained["test"][term], delta=1e-3)
        text = self.done(*source).out
        shown = [float(number) for number in re.findall(r"\d+\.\d+", text)]
        for term in TERMS:
            self.assertTrue(any(abs(number - trained["test"][term]) < 2e-3 for number in shown), text)

    def test_grid(self):
        """grid draws a square PNG, for each of its options another"""
        pictures = set()
        for i, options in enumerate(((), ("--n", 5), ("--range", 1), ("--quantiles",), ("--n", 1))):
            file = self.folder / f"{i}.png"
            self.done("grid", WORLD.model, "--out", file, *options)
            width, height = png_size(file)
            self.assertEqual(width, height)
            self.assertGreaterEqual(width, 20 * SIDE)
            pictures.add(file.read_bytes())
        self.assertEqual(len(pictures), 5)

    def test_scatter(self):
        """scatter draws a PNG, and writes a CSV with a row an image and the labels of the data"""
        source = ("scatter", WORLD.model, *self.tiny, WORLD.data, "--out")
        self.done(*source, self.folder / "s.png")
        self.assertGreater(min(png_size(self.folder / "s.png")), 500)
        self.done(*source, self.folder / "s.csv")
        rows = read_table(self.folder / "s.csv")
        self.assertEqual(list(rows[0]), ["image", "label", "mu1", "mu2", "log_var1", "log_var2"])
        self.assertEqual([row["label"] for row in rows], [str(i % 10) for i in range(TEST)])
        self.assertTrue(all(math.isfinite(float(row[key])) for row in rows for key in list(row)[2:]))

    def test_encode_data(self):
        """encode writes the codes that scatter writes, for codes of any size"""
        self.done("scatter", WORLD.model, *self.tiny, WORLD.data, "--out", self.folder / "s.csv")
        self.done("encode", WORLD.model, *self.tiny, WORLD.data, "--out", self.folder / "e.csv")
        self.assertEqual((self.folder / "e.csv").read_text(), (self.folder / "s.csv").read_text())
        self.done("encode", WORLD.wide_model, *self.tiny, WORLD.data, "--out", self.folder / "w.csv")
        self.assertIn("mu3", read_table(self.folder / "w.csv")[0])

    def test_encode_images(self):
        """an image file gives the code of the same image in the data, under its name, also one with a comma"""
        chance = random.Random(2)
        names = ["a.png", "comma,quote\".png", "ä.png"]
        for i, name in enumerate(names):
            (self.folder / name).write_bytes(png_of(drawing(i, chance)))
        self.done("encode", WORLD.model, *self.tiny, WORLD.data, "--out", self.folder / "all.csv")
        self.done("encode", WORLD.model, *(self.folder / name for name in names), "--out", self.folder / "some.csv")
        some, known = read_table(self.folder / "some.csv"), read_table(self.folder / "all.csv")
        self.assertEqual([row["image"] for row in some], [str(self.folder / name) for name in names])
        for row, same in zip(some, known):
            self.assertEqual(row["label"], "")
            for key in ("mu1", "mu2", "log_var1", "log_var2"):
                self.assertAlmostEqual(float(row[key]), float(same[key]), delta=1e-4)

    def test_decode(self):
        """decode writes a PNG of 28 x 28, or enlarged; negative numbers need no trick; a 3-D code works"""
        out = self.folder / "z.png"
        for model, z, scale in ((WORLD.model, "0.3,-1.2", 1), (WORLD.model, "-0.3,-1.2", 4), (WORLD.wide_model, "1,2,3", 1)):
            self.done("decode", model, "--z", z, "--scale", scale, "--out", out)
            self.assertEqual(png_size(out), (SIDE * scale, SIDE * scale))

    def test_relative_path(self):
        """--out may be a plain name in the folder one is in"""
        self.done("decode", WORLD.model, "--z", "0,0", "--out", "z.png", cwd=self.folder)
        self.assertEqual(png_size(self.folder / "z.png"), (SIDE, SIDE))


def page_with_bars(places, width=200, height=150):
    """White paper with black bars of 12 x 60 pixels, their left upper corners at `places`."""
    rows = [bytearray(b"\xf0" * width) for _ in range(height)]
    for left, top in places:
        for y in range(top, top + 60):
            rows[y][left : left + 12] = b"\x20" * 12
    return png_of(b"".join(rows), width)


class Images(CliTest):
    """normalise, denoise and upscale on good files and on bad ones."""

    places = ((40, 20), (100, 25), (160, 18))

    def setUp(self):
        super().setUp()
        self.images = self.folder / "images to read"
        self.images.mkdir()
        (self.images / "page.png").write_bytes(page_with_bars(self.places))
        self.out = self.folder / "out"

    def names(self):
        return sorted(path.name for path in self.out.iterdir())

    def test_normalise(self):
        """each digit is a file of 28 x 28, and its box is told, in reading order"""
        self.done("normalise", self.images, "--out", self.out)
        self.assertEqual(self.names(), ["digits.json", "page-1.png", "page-2.png", "page-3.png"])
        (page,) = json.loads((self.out / "digits.json").read_text())
        self.assertEqual((page["width"], page["height"], page["ink"]), (200, 150, "dark"))
        for digit, (left, top) in zip(page["digits"], self.places, strict=True):
            self.assertEqual(png_size(self.out / digit["image"]), (SIDE, SIDE))
            for found, true in zip(digit["box"], (left, top, 12, 60), strict=True):
                self.assertAlmostEqual(found, true, delta=3)

    def test_denoise(self):
        """the same seed gives the same noise; JSON tells how good the result is; the names never clash"""
        other = self.folder / "other"
        other.mkdir()
        (other / "page.png").write_bytes(page_with_bars(self.places[:1]))
        arguments = ("denoise", self.images, other / "page.png", "--noise", "gaussian:0.4", "--json")
        first = self.json(*arguments, "--out", self.out)
        self.assertEqual([of["digits"] for of in first], [3, 1])
        for of in first:
            self.assertGreater(of["denoised"]["psnr"], of["noisy"]["psnr"])
        self.assertIn("page-3-denoised.png", self.names())
        self.assertIn("page-2.png", self.names())
        noisy = (self.out / "page-1-noisy.png").read_bytes()
        self.assertEqual(self.json(*arguments, "--out", self.out), first)
        self.assertEqual((self.out / "page-1-noisy.png").read_bytes(), noisy)
        self.assertNotEqual(self.json(*arguments, "--seed", 2, "--out", self.out), first)

    def test_as_is(self):
        """--as-is takes the page as one image, and --model another model"""
        told = self.json("denoise", self.images, "--as-is", "--model", WORLD.model, "--json", "--out", self.out)
        self.assertEqual(told, [{"digits": 1, "file": str(self.images / "page.png")}])

    def test_upscale(self):
        for factor in (2, 4):
            self.done("upscale", self.images / "page.png", "--factor", factor, "--out", self.out)
            self.assertEqual(png_size(self.out / f"page-{factor}x.png"), (SIDE, SIDE))

    def test_bad_files(self):
        """one bad file does not stop the rest; a summary names it, and the exit status says that there was one"""
        whole = (self.images / "page.png").read_bytes()
        bad = {
            "blank.png": (page_with_bars([]), "no digit was found"),
            "empty.png": (b"", "the file is empty"),
            "cut.png": (whole[:90], "the image is damaged"),
            "text \"quoted\".jpg": (b"hello", "not an image"),
            "line\nbreak.png": (b"hello", "not an image"),
            "huge.png": (png_of(b"").replace(struct.pack(">2I", SIDE, 0), struct.pack(">2I", 30000, 30000)), ""),
        }
        for name, (content, _) in bad.items():
            (self.images / name).write_bytes(content)
        for command in ("normalise", "denoise"):
            run = WORLD.cli.run(command, self.images, self.folder / "nothing.png", "--out", self.out)
            self.assertEqual(run.status, FAILED, run)
            self.assertIn("7 of 8 failed", run.err)
            self.assertEqual(len(run.lines()), 8, run)
            for name, (_, says) in bad.items():
                self.assertRegex(run.err, re.escape(name.replace("\n", " ")) + r": .*" + says)
            self.assertIn("page-3" + (".png" if command == "normalise" else "-denoised.png"), self.names())

    def test_refusals(self):
        page = self.images / "page.png"
        self.all_refused({
            "noise": (("denoise", page, "--noise", "fog:1", "--out", self.out), "fog"),
            "level": (("denoise", page, "--noise", "gaussian:9", "--out", self.out), "gaussian:9"),
        }, BAD_ARGUMENTS)
        self.all_refused({
            "folder": (("normalise", page, "--out", page), "cannot be made"),
            "model": (("denoise", page, "--model", page, "--out", self.out), "page.png"),
            "not a model that enlarges": (("upscale", page, "--model", WORLD.model, "--out", self.out), "enlarge"),
        })


class Help(CliTest):
    def test_help(self):
        """--help of the program and of every subcommand tells of it and ends well"""
        for arguments in (("--help",), ("-h",), *((command, "--help") for command in SUBCOMMANDS)):
            with self.subTest(arguments):
                run = self.done(*arguments)
                self.assertGreater(len(run.out), 100)
                self.assertEqual(run.err, "")
        listed = self.done("--help").out
        for command in SUBCOMMANDS:
            self.assertIn(command, listed)

    def test_version(self):
        """--version tells the version that the build says"""
        self.assertRegex(self.done("--version").out, r"^zwei-cli \d+\.\d+\.\d+\n$")

    def untuned(self):
        """The program where nobody has said how threads wait."""
        cli = zwei_cli.Cli(WORLD.cli.program, WORLD.home)
        for name in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT"):
            cli.environment.pop(name, None)
        return cli

    def test_launcher(self):
        """the launcher keeps the arguments and the exit status"""
        cli = self.untuned()
        run = cli.run("decode", WORLD.model, "--z", "0,0", "--out", self.folder / "a name with  blanks.png")
        self.assertEqual(run.status, DONE, run)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["a name with  blanks.png"])
        self.assertEqual(cli.run("decode").status, BAD_ARGUMENTS)

    def test_doctor(self):
        """doctor tells what it runs on and the data sets it finds"""
        report = self.json("doctor", "--json", "--data-dir", WORLD.data)
        self.assertLessEqual({"zwei", "libtorch", "qt", "blas", "cuda", "threads", "gigaflops", "data"}, set(report))
        self.assertGreater(report["gigaflops"], 0)
        self.assertGreaterEqual(report["threads"], 1)
        found = {entry["name"]: entry["train"] for entry in report["data"]}
        self.assertEqual(found, {"plain": True, "packed": True, "testonly": False, "unlabelled": True, "one": True,
                                 "digits": True})
        self.assertIn("LibTorch", self.done("doctor").out)

    def test_what_the_environment_says_is_in_force(self):
        """doctor shows how the process is tuned, and that all of it can be chosen from outside"""
        def report(**chosen):
            return json.loads(self.untuned().run("doctor", "--json", env=chosen).out)

        tuned = report()
        self.assertTrue(tuned["fused_kernels"])
        self.assertRegex(tuned["waiting"], r"^GOMP_SPINCOUNT=\d+$")
        self.assertEqual(report(GOMP_SPINCOUNT="7")["waiting"], "GOMP_SPINCOUNT=7")
        self.assertEqual(report(OMP_WAIT_POLICY="active")["waiting"], "OMP_WAIT_POLICY=active")
        if tuned["onednn_kept"]:
            self.assertEqual(tuned["onednn_kept"], 128)
            self.assertEqual(report(ONEDNN_PRIMITIVE_CACHE_CAPACITY="7")["onednn_kept"], 7)
        if platform.machine() == "x86_64":
            self.assertTrue(tuned["flushes_denormals"])
            self.assertFalse(report(ZWEI_DENORMALS="keep")["flushes_denormals"])
        asked = Path("/sys/kernel/mm/transparent_hugepage/enabled")
        if asked.exists() and "[madvise]" in asked.read_text():
            self.assertGreater(tuned["large_pages_mb"], 0)
            self.assertEqual(report(GLIBC_TUNABLES="glibc.malloc.hugetlb=0")["large_pages_mb"], 0)
        self.assertFalse(report(ZWEI_KERNELS="plain")["fused_kernels"])
        known = Path("/proc/cpuinfo").read_text()
        if "avx2" in known:
            self.assertNotEqual(tuned["instruction_set"], "baseline")
            self.assertEqual(report(ZWEI_KERNELS="avx2")["instruction_set"], "avx2")
            self.assertEqual(report(ZWEI_KERNELS="baseline")["instruction_set"], "baseline")
        if "amx_bf16" in known:
            self.assertEqual(tuned["instruction_set"], "amx")
            self.assertEqual(report(ZWEI_KERNELS="avx512")["instruction_set"], "avx512")
        if "openblas" in tuned["blas"]:
            self.assertIn("Haswell", report(OPENBLAS_CORETYPE="Haswell")["blas_core"])


# ---- When something is wrong ----


def bad_sets():
    """Data sets with one thing wrong: name, files, and what the sentence must say of it."""
    images, labels = idx_name("t10k", "images"), idx_name("t10k", "labels")
    good = whole_set()

    def with_file(name, data, ending=""):
        files = {key: value for key, value in good.items() if key != name}
        return {**files, name + ending: data}

    def without(name):
        return {key: value for key, value in good.items() if key != name}

    small = idx_images([bytes(16)] * TEST, side=4)
    zipped = packed(good[images])
    hurt = bytearray(zipped)
    for at in range(len(hurt) // 2, len(hurt) // 2 + 40):
        hurt[at] ^= 0x5A
    promised = struct.pack(">4I", 0x803, 0xFFFFFFF0, SIDE, SIDE) + good[images][16:]
    lying = struct.pack(">4I", 0x803, 1000, SIDE, SIDE) + good[images][16:]
    floats = b"\0\0\x0d\x03" + good[images][4:]
    mislabelled = idx_labels([10] + [0] * (TEST - 1))
    return {
        "no images": (without(images), images),
        "empty images": (with_file(images, b""), "empty"),
        "empty labels": (with_file(labels, b""), "empty"),
        "empty packed": (with_file(images, packed(b""), ".gz"), ""),
        "only a magic number": (with_file(images, good[images][:4]), ""),
        "half a header": (with_file(images, good[images][:10]), ""),
        "truncated": (with_file(images, good[images][:-1]), "truncated"),
        "truncated labels": (with_file(labels, good[labels][:-1]), "truncated"),
        "truncated before packing": (with_file(images, packed(good[images][:-5000]), ".gz"), "truncated"),
        "truncated after packing": (with_file(images, zipped[: len(zipped) // 2], ".gz"), ""),
        "packed, without its check sum": (with_file(images, zipped[:-8], ".gz"), ""),
        "packed, with a wrong check sum": (with_file(images, zipped[:-8] + b"\1" * 4 + zipped[-4:], ".gz"), "damaged"),
        "damaged in the middle": (with_file(images, bytes(hurt), ".gz"), ""),
        "images and labels swapped": ({**good, images: good[labels], labels: good[images]}, "labels"),
        "images as labels": (with_file(labels, good[images]), "images"),
        "another type": (with_file(images, floats), "not an IDX"),
        "a text": (with_file(images, b"This is not an image.\n" * 9), "not an IDX"),
        "no image in it": ({**good, images: idx_images([]), labels: idx_labels([])}, "no images"),
        "a label without an image": (with_file(labels, idx_labels([0] * (TEST + 1))), "labels"),
        "an image without a label": (with_file(labels, idx_labels([0] * (TEST - 1))), "labels"),
        "no label in it": (with_file(labels, idx_labels([])), "labels"),
        "mislabelled": (with_file(labels, mislabelled), "10"),
        "images of 4 x 4": (with_file(images, small), "28"),
        "images of 0 x 0": (with_file(images, struct.pack(">4I", 0x803, TEST, 0, 0)), ""),
        "promises 3 TB": (with_file(images, promised), ""),
        "promises 1000 images": (with_file(images, lying), "truncated"),
        "trailing data": (with_file(images, good[images] + b"\0"), "more data"),
        "trailing labels": (with_file(labels, good[labels] + b"\0"), "more data"),
        "trailing data, packed": (with_file(images, packed(good[images] + b"\0"), ".gz"), "more data"),
    }


class BadData(CliTest):
    def test_sets(self):
        """a data set with something wrong is refused with one sentence, by eval and by train"""
        cases = {}
        for i, (name, (files, says)) in enumerate(bad_sets().items()):
            WORLD.write_set(WORLD.folder / "bad" / f"set{i}", files)
            where = ("--data", f"set{i}", "--data-dir", WORLD.folder / "bad")
            cases[f"eval, {name}"] = (("eval", WORLD.model, *where, "--json"), says)
            cases[f"train, {name}"] = (("train", *where, "--json", "--out", self.folder / "m", *TINY), says)
        self.all_refused(cases)

    def test_training_part(self):
        """what is wrong with the training images is told as well"""
        images = idx_name("train", "images")
        cases = {}
        for name, data in {"cut": whole_set()[images][:-1], "empty": b"", "none": idx_images([])}.items():
            WORLD.write_set(self.folder / name, {**whole_set(), images: data})
            where = ("--data", name, "--data-dir", self.folder)
            cases[name] = (("train", *where, "--out", self.folder / "m", *TINY), images)
        self.all_refused(cases)

    def test_no_test_images(self):
        """a set with training images only is refused: there would be nothing to measure on"""
        WORLD.write_set(self.folder / "trainonly", part_files("train", 20))
        self.refused("train", "--data", "trainonly", "--data-dir", self.folder, "--out", self.folder / "m", says="t10k")

    def test_missing(self):
        """a data set that is not there is refused, and the sentence says where it was looked for"""
        (self.folder / "a file").write_text("")
        out, cases = self.folder / "m", {}
        for folder in (self.folder, self.folder / "nowhere", self.folder / "a file"):
            cases[folder.name] = (("train", "--data", "nosuch", "--data-dir", folder, "--out", out), str(folder))
        names = {"nosuch": "no data set", "a\nb": "no data set", ".": "no image", "plain/..": "no such folder",
                 "./a file": "a file, not a folder", "/dev/null": "not a folder"}
        for name, says in names.items():
            where = ("--data", name, "--data-dir", WORLD.data)
            cases[f"named {name!r}"] = (("eval", WORLD.model, *where), says)
        self.all_refused(cases, cwd=self.folder)

    def test_every_subcommand(self):
        """every subcommand that reads data refuses it alike, and writes nothing"""
        where = ("--data", "nosuch", "--data-dir", WORLD.data)
        self.refused("eval", WORLD.model, *where)
        self.refused("scatter", WORLD.model, *where, "--out", self.folder / "s.png")
        self.refused("encode", WORLD.model, *where, "--out", self.folder / "e.csv")


def changed(header, *path, to):
    """A copy of the header with the value at `path` set, or removed where `to` is None."""
    copy = json.loads(json.dumps(header))
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    if to is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = to
    return copy


def recipe_changed(header, **fields):
    """A copy of the header whose recipe has other values, or lacks those that are None."""
    recipe = {**json.loads(header["__metadata__"]["recipe"]), **fields}
    recipe = {key: value for key, value in recipe.items() if value is not None}
    return changed(header, "__metadata__", "recipe", to=json.dumps(recipe))


def bad_bytes(good):
    """Files that are no safetensors files."""
    header, data = zwei_cli.split_safetensors(good)
    whole = Path(good).read_bytes()
    return {
        "empty": b"",
        "a text": b"This is a text, not a model.\n" * 10,
        "a PNG": png_of(bytes(SIDE * SIDE)),
        "seven bytes": whole[:7],
        "the length alone": whole[:8],
        "truncated in its header": whole[:100],
        "truncated in its tensors": whole[:-100],
        "truncated by one byte": whole[:-1],
        "a byte too long": whole + b"\0",
        "header longer than the file": struct.pack("<Q", len(whole)) + whole[8:],
        "header of 2^63": struct.pack("<Q", 2**63) + whole[8:],
        "header of 2^64 - 1": struct.pack("<Q", 2**64 - 1) + whole[8:],
        "header of no length": struct.pack("<Q", 0) + whole[8:],
        "header is a list": zwei_cli.join_safetensors(b"[1, 2]", data),
        "header is half": zwei_cli.join_safetensors(json.dumps(header).encode()[:-9], data),
        "header is not UTF-8": zwei_cli.join_safetensors(b'{"\xff\xfe": 1}', data),
        "header of 200,000 brackets": zwei_cli.join_safetensors(b"[" * 200000, data),
        "header of 100,000 tables": zwei_cli.join_safetensors(b'{"a":' * 100000 + b"1" + b"}" * 100000, data),
        "nothing but metadata": zwei_cli.join_safetensors({"__metadata__": header["__metadata__"]}, b""),
    }


def bad_headers(header):
    """Safetensors files whose header is not right: of tensors that lie wrongly, and of another program's."""
    first, second = sorted((name for name in header if name != "__metadata__"), key=lambda n: header[n]["data_offsets"])[:2]
    begin, end = header[first]["data_offsets"]
    offsets, shape = (first, "data_offsets"), (first, "shape")
    return {
        "overlapping": changed(header, second, "data_offsets", to=[end - 4, header[second]["data_offsets"][1] - 4]),
        "both at one place": changed(header, first, to=header[second]),
        "offsets backwards": changed(header, *offsets, to=[end, begin]),
        "offsets outside": changed(header, *offsets, to=[10**9, 10**9 + end - begin]),
        "offsets negative": changed(header, *offsets, to=[-4, end - 4]),
        "offsets of 2^64 - 1": changed(header, *offsets, to=[2**64 - 1, 2**64 - 1]),
        "offsets not whole": changed(header, *offsets, to=[0.5, 1.5]),
        "offsets are texts": changed(header, *offsets, to=["0", "4"]),
        "three offsets": changed(header, *offsets, to=[begin, end, end]),
        "no offsets": changed(header, *offsets, to=None),
        "shape that overflows": changed(header, *shape, to=[2**32, 2**32, 2**32]),
        "shape that overflows to itself": changed(header, *shape, to=[2**62 + header[first]["shape"][0]]),
        "shape negative": changed(header, *shape, to=[-1]),
        "shape larger than its bytes": changed(header, *shape, to=[999]),
        "a type that nobody knows": changed(header, first, "dtype", to="F31"),
        "doubles": changed(header, first, "dtype", to="F64"),
        "integers": changed(header, first, "dtype", to="I32"),
        "a tensor that is a number": changed(header, first, to=4),
        "no metadata": changed(header, "__metadata__", to=None),
        "metadata is a list": changed(header, "__metadata__", to=[1]),
        "metadata of numbers": changed(header, "__metadata__", "format_version", to=1),
        "another program's": changed(header, "__metadata__", "format", to="pt"),
        "a version from the future": changed(header, "__metadata__", "format_version", to="3"),
        "a version with a line break": changed(header, "__metadata__", "format_version", to="2\nzwei-cli: all is well"),
        "no version": changed(header, "__metadata__", "format_version", to=None),
        "history that is not JSON": changed(header, "__metadata__", "history", to="{"),
        "history of texts": changed(header, "__metadata__", "history", to='["a"]'),
        "an unknown tensor name with a line break": changed(header, "a\nb", to={"dtype": "F99", "shape": [], "data_offsets": [0, 0]}),
    }


def bad_recipes(header):
    """Recipes that are damaged, or that ask for what cannot be."""
    return {
        "recipe that is not JSON": changed(header, "__metadata__", "recipe", to='{"activation":'),
        "recipe that is a list": changed(header, "__metadata__", "recipe", to="[]"),
        "no recipe": changed(header, "__metadata__", "recipe", to=None),
        "recipe without a backbone": recipe_changed(header, backbone=None),
        "an unknown activation": recipe_changed(header, activation="sine"),
        "activation is a number": recipe_changed(header, activation=3),
        "another network": recipe_changed(header, hidden=[17]),
        "more layers": recipe_changed(header, hidden=[16, 16]),
        "another backbone": recipe_changed(header, backbone="convolutional"),
        "no layers": recipe_changed(header, hidden=[]),
        "layers are a text": recipe_changed(header, hidden="16"),
        "a billion neurons": recipe_changed(header, hidden=[10**9]),
        "neurons beyond 64 bit": recipe_changed(header, hidden=[2**64]),
        "half a neuron": recipe_changed(header, hidden=[1.5]),
        "the largest network there is": recipe_changed(header, hidden=[8192] * 8),
        "a code of size 0": recipe_changed(header, latent_size=0),
        "a code of size -1": recipe_changed(header, latent_size=-1),
        "a code of size 3": recipe_changed(header, latent_size=3),
        "a batch beyond 64 bit": recipe_changed(header, batch=2**64),
        "a negative seed": recipe_changed(header, seed=-1),
        "beta is a text": recipe_changed(header, beta="1"),
        "beta beyond a double": changed(header, "__metadata__", "recipe",
                                        to=header["__metadata__"]["recipe"].replace('"beta":1.0', '"beta":1e999')),
    }


def bad_tensors(header, data):
    """Good safetensors files whose tensors are not the network's: header and data."""
    names = [name for name in header if name != "__metadata__"]
    pieces = zwei_cli.tensor_bytes(header, data)

    def built(tensors):
        entries, at = {"__metadata__": header["__metadata__"]}, 0
        for name, (shape, piece) in tensors.items():
            entries[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, at + len(piece)]}
            at += len(piece)
        return entries, b"".join(piece for _, piece in tensors.values())

    good = {name: (header[name]["shape"], pieces[name]) for name in names}
    weight = next(name for name in names if len(good[name][0]) == 2)
    shape, piece = good[weight]
    turned = {**good, weight: ([shape[1], shape[0]], piece)}
    flat = {**good, weight: ([shape[0] * shape[1]], piece)}
    smaller = {**good, weight: ([shape[0] - 1, shape[1]], piece[: -4 * shape[1]])}
    renamed = {("x" if name == weight else name): value for name, value in good.items()}
    poisoned = {
        kind: {**good, weight: (shape, struct.pack("<f", value) + piece[4:])}
        for kind, value in (("NaN", math.nan), ("infinite", math.inf))
    }
    return {
        "no tensors": built({}),
        **{f"without {name}": built({key: value for key, value in good.items() if key != name}) for name in names},
        "renamed tensor": built(renamed),
        "turned weights": built(turned),
        "flat weights": built(flat),
        "smaller weights": built(smaller),
        **{f"{kind} weights": built(tensors) for kind, tensors in poisoned.items()},
    }


class BadModels(CliTest):
    def refuse_files(self, contents):
        """Files with these contents are refused, in sentences that name them."""
        cases = {}
        for name, content in contents.items():
            file = WORLD.fresh() / "bad.safetensors"
            file.write_bytes(content)
            decode = ("decode", file, "--z", "0,0", "--threads", 1, "--out", self.folder / "z.png")
            cases[name] = (decode, str(file))
        self.all_refused(cases)

    def test_good(self):
        """the model that the bad ones are made of is good after it was taken apart and put together"""
        file = self.folder / "good"
        file.write_bytes(zwei_cli.join_safetensors(*zwei_cli.split_safetensors(WORLD.model)))
        self.done("decode", file, "--z", "0,0", "--out", self.folder / "z.png")

    def test_bytes(self):
        """files that are not safetensors files"""
        self.refuse_files(bad_bytes(WORLD.model))

    def test_headers(self):
        """files whose header is wrong, or another program's"""
        header, data = zwei_cli.split_safetensors(WORLD.model)
        self.refuse_files({name: zwei_cli.join_safetensors(bad, data) for name, bad in bad_headers(header).items()})

    def test_recipes(self):
        """files whose recipe is damaged or asks for what is not there"""
        header, data = zwei_cli.split_safetensors(WORLD.model)
        self.refuse_files({name: zwei_cli.join_safetensors(bad, data) for name, bad in bad_recipes(header).items()})

    def test_tensors(self):
        """files whose tensors are missing, have another shape, or are no numbers"""
        cases = bad_tensors(*zwei_cli.split_safetensors(WORLD.model))
        self.refuse_files({name: zwei_cli.join_safetensors(*parts) for name, parts in cases.items()})

    def test_places(self):
        """a missing model and a folder as a model"""
        models = {"missing": self.folder / "nosuch", "a folder": self.folder, "a line break": "a\nb"}
        rest = ("--z", "0,0", "--out", self.folder / "z.png")
        self.all_refused({name: (("decode", model, *rest), "") for name, model in models.items()})

    def test_every_subcommand(self):
        """every subcommand that reads a model refuses a bad one, and writes nothing"""
        model = self.folder / "text.safetensors"
        model.write_text("This is a text.\n")
        data = ("--data", "plain", "--data-dir", WORLD.data)
        out = ("--out", self.folder / "a.png")
        commands = (("eval", model, *data), ("grid", model, *out), ("scatter", model, *data, *out),
                    ("encode", model, *data, *out), ("decode", model, "--z", "0,0", *out))
        self.all_refused({arguments[0]: (arguments, str(model)) for arguments in commands})

    def test_memory(self):
        """a small file that asks for the largest network does not get the memory for it"""
        header, data = zwei_cli.split_safetensors(WORLD.model)
        file = self.folder / "m"
        file.write_bytes(zwei_cli.join_safetensors(recipe_changed(header, hidden=[8192] * 8), data))
        process = WORLD.cli.start("decode", file, "--z", "0,0", "--out", self.folder / "z.png")
        with process.stdout, process.stderr:
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, FAILED)
        self.assertLess(used.ru_maxrss, 1_000_000, "kilobytes")

    def test_history_numbers(self):
        """a history with absurd numbers is either read or refused"""
        header, data = zwei_cli.split_safetensors(WORLD.model)
        for number in ("1e300", "-1e300", "1.5", "99999999999999999999", "-1"):
            history = header["__metadata__"]["history"].replace('"epoch":1,', f'"epoch":{number},')
            file = WORLD.fresh() / "m"
            file.write_bytes(zwei_cli.join_safetensors(changed(header, "__metadata__", "history", to=history), data))
            run = WORLD.cli.run("decode", file, "--z", "0,0", "--out", self.folder / "z.png")
            self.assertIn(run.status, (DONE, FAILED), run)
            self.assertEqual(len(run.lines()), run.status, run)


class BadArguments(CliTest):
    def refuse_words(self, commands):
        """Command lines that are refused for their arguments alone."""
        self.all_refused({" ".join(map(str, words)): (words, "") for words in commands}, BAD_ARGUMENTS)

    def test_train(self):
        """values that cannot be trained with"""
        wrong = {
            "--epochs": ("-1", "0", "abc", "", "1.5", "99999999999999999999", "0x10z"),
            "--hidden": ("0", "512,,", ",512", "512,abc", "-5", "", "512,0", "9" * 30, ",".join(["2"] * 50)),
            "--lr": ("nan", "inf", "0", "-1", "abc", "1e999"),
            "--beta": ("nan", "inf", "-1", "abc"),
            "--batch": ("0", "-1", "abc"),
            "--latent": ("0", "-1", "100000"),
            "--patience": ("-1", "abc"),
            "--seed": ("-1", "abc", "1.5"),
            "--threads": ("-1", "abc"),
            "--device": ("tpu", ""),
            "--schedule": ("wrong", ""),
            "--preset": ("wrong", ""),
            "--activation": ("wrong",),
            "--loss": ("wrong",),
            "--channels": ("16",),
        }
        options = [(option, value) for option, values in wrong.items() for value in values]
        options = [(f"{option}={value}",) if value else (option, "") for option, value in options]
        options += [("--epochs", "-1"), ("--preset", "conv-vae", "--channels", "0"), ("--wrong",), ("--epochs",), ("stray",),
                    ("--preset", "conv-vae", "--channels", "2,2,2,2,2,2"), ("--preset", "cvae", "--latent", "0"),
                    ("--json=perhaps",), ("--bottleneck", "gaussian", "--backbone", "linear"),
                    ("--bottleneck", "skip", "--backbone", "dense")]
        base = ("train", "--data", "plain", "--data-dir", WORLD.data, "--out", self.folder / "m")
        one = ("--epochs", 1)  # in case that it is not refused
        self.refuse_words([(*base, *(() if words[0].startswith("--epochs") else one), *words) for words in options])

    def test_missing(self):
        """no subcommand, an unknown one, and options that are needed"""
        model, data = WORLD.model, ("--data", "plain", "--data-dir", WORLD.data)
        out, z = ("--out", self.folder / "a"), ("--z", "0,0")
        nothing = [(), ("wrong",), ("--wrong",)]
        train = [("train",), ("train", *data), ("train", *out)]
        look = [("eval",), ("eval", model), ("grid",), ("grid", model), ("scatter", model, *data), ("scatter", model, *out)]
        code = [("encode", model, *data), ("encode", model, *out), ("encode", model, *data, "a.png", *out),
                ("decode", model, *z), ("decode", model, *out)]
        self.refuse_words([*nothing, *train, *look, *code, ("doctor", "stray")])

    def test_empty(self):
        """an option or a name with nothing in it, as a script writes whose variable is not set"""
        data = ("--data", "plain", "--data-dir", WORLD.data)
        out = ("--out", self.folder / "a")
        self.refuse_words([("eval", WORLD.model, "--data", ""), ("eval", "", *data), ("decode", "", "--z", "0,0", *out),
                           ("train", *data, "--out", ""), ("grid", WORLD.model, "--out", ""),
                           ("scatter", WORLD.model, *data, "--out", ""), ("encode", WORLD.model, *data, "--out", ""),
                           ("decode", WORLD.model, "--z", "0,0", "--out", ""), ("train", *data, *out, "--epochs", "")])

    def test_points(self):
        """points that are not of the model's latent space"""
        plane = ("1", "1,2,3", "nan,0", "0,inf", "0,abc", "0,1e999", "", "0,,0", "0,")
        points = [(WORLD.model, z) for z in plane] + [(WORLD.wide_model, "0,0")]
        self.refuse_words([("decode", model, f"--z={z}", "--out", self.folder / "z.png") for model, z in points])

    def test_pictures(self):
        """sizes that no picture can have"""
        grid = ("--n=0", "--n=-1", "--n=100000", "--n=abc", "--range=0", "--range=-1", "--range=nan", "--range=inf")
        decode = ("--scale=0", "--scale=-1", "--scale=1000000", "--scale=abc")
        out = ("--out", self.folder / "a.png")
        self.refuse_words([("grid", WORLD.model, *out, option) for option in grid])
        self.refuse_words([("decode", WORLD.model, "--z", "0,0", *out, option) for option in decode])

    def test_plane(self):
        """a latent grid needs two dimensions that the code has"""
        base = ("grid", WORLD.wide_model, "--out", self.folder / "a.png")
        self.refuse_words([(*base, f"--dimensions={two}") for two in ("1", "1,1", "0,1", "1,4", "1,2,3", "a,b", "")])


class BadPlaces(CliTest):
    """Where nothing can be written: found out before any work. (No test of permissions: they do not hold for root.)"""

    def places(self):
        regular = self.folder / "file"
        regular.write_text("mine")
        return {"below a file": regular / "m", "no such folder": self.folder / "no" / "m", "a folder": self.folder,
                "a name that is too long": self.folder / ("m" * 300)}

    def test_out(self):
        """an --out that cannot be written is refused by every subcommand, and before any training"""
        data = ("--data", "plain", "--data-dir", WORLD.data)
        commands = (("train", *data, *TINY), ("grid", WORLD.model), ("scatter", WORLD.model, *data),
                    ("encode", WORLD.model, *data), ("decode", WORLD.model, "--z", "0,0"))
        cases = {f"{command[0]}, {name}": ((*command, "--out", place), "")
                 for command, (name, place) in itertools.product(commands, self.places().items())}
        table = ("scatter", WORLD.model, *data, "--out", self.folder / "file" / "a.csv")
        self.all_refused({**cases, "scatter to a table": (table, "")}, cwd=self.folder)

    def test_demo(self):
        """demo refuses a folder that cannot be made, before any training"""
        places = {**self.places(), "a file": self.folder / "file"}
        names = ("below a file", "a name that is too long", "a file")
        self.all_refused({name: (("demo", "--out", places[name]), "") for name in names})


class Mirror:
    """Serves the real files of ZWEI_DATA_DIR on this machine, or what `answer` makes of them, while it lives."""

    def __init__(self, answer=lambda name, body: (200, body)):
        mirror = self
        self.requests = []

        class Sender(BaseHTTPRequestHandler):
            def do_GET(self):
                mirror.requests.append(self.path)
                file = Path(os.environ["ZWEI_DATA_DIR"], *self.path.split("/")[-2:])
                status, body = answer(file.name, file.read_bytes()) if file.is_file() else (404, b"")
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Sender)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # who cancels hangs up
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Data(CliTest):
    """data list, get and verify, with the real files on a server of this machine."""

    def setUp(self):
        super().setUp()
        if not (Path(os.environ.get("ZWEI_DATA_DIR", "/nowhere")) / "mnist" / "train-images-idx3-ubyte.gz").is_file():
            self.skipTest("ZWEI_DATA_DIR names no folder with MNIST's real files")

    def get(self, name, *mirrors, folder=None):
        urls = ",".join(mirror.url if isinstance(mirror, Mirror) else mirror for mirror in mirrors)
        return WORLD.cli.run("data", "get", name, "--data-dir", folder or self.folder, env={"ZWEI_MIRRORS": urls})

    def test_get(self):
        """list, get, list and verify; then a file is damaged, told of, and replaced"""
        here = ("--data-dir", self.folder)
        self.assertRegex(self.done("data", "list", *here).out, r"(?m)^mnist +MNIST +11\.6 MB to fetch from 2 mirrors$")
        self.assertRegex(self.done("data", "verify", *here).out, r"(?m)^mnist +not on this machine$")
        with Mirror(lambda *_: (500, b"sorry")) as bad, Mirror() as good:
            run = self.get("mnist", bad, good)
            self.assertEqual((run.status, run.out), (DONE, ""), run)
            self.assertEqual((len(bad.requests), len(good.requests)), (4, 4))
            self.assertIn(f"mnist +MNIST +{self.folder}/mnist", re.sub(" +", " +", self.done("data", "list", *here).out))
            self.assertEqual(self.done("data", "verify", "mnist", *here).out.count(" whole\n"), 4)
            file = self.folder / "mnist" / "t10k-labels-idx1-ubyte.gz"
            file.write_bytes(file.read_bytes()[:100])
            run = WORLD.cli.run("data", "verify", *here)
            self.assertEqual(run.status, FAILED, run)
            self.assertRegex(run.out, r"t10k-labels-idx1-ubyte.gz +cut off")
            self.assertEqual(len(run.lines()), 1, run)
            self.assertEqual(self.get("mnist", good).status, DONE)
            self.assertEqual(len(good.requests), 5)
        self.assertEqual(self.done("data", "verify", "mnist", *here).out.count(" whole\n"), 4)
        self.assertEqual(len(list((self.folder / "mnist").iterdir())), 4)

    def test_bad_mirrors(self):
        """one sentence where no mirror will do, and no file under a real name"""
        with Mirror(lambda *_: (404, b"")) as missing, Mirror(lambda name, body: (200, body[::-1])) as backwards:
            for mirrors, says in (((missing,), "answered 404"), ((missing, backwards), "sent something else"),
                                  (("http://192.0.2.1",), "is no HTTPS address"), (("http://127.0.0.1:1",), "refuses")):
                with self.subTest(says):
                    self.check_refusal(self.get("mnist", *mirrors), ("data", "get"), FAILED, says)
                    self.assertFalse([path for path in self.folder.rglob("*") if path.is_file()])

    def test_cancel(self):
        """Ctrl+C ends it with one sentence, keeps the part, and the next run goes on"""
        held = threading.Event()
        big = "t10k-images-idx3-ubyte.gz"

        def hold(name, body):
            if name == big:
                held.set()
                time_to_leave.wait(LIMIT_S)
            return 200, body

        time_to_leave = threading.Event()
        with Mirror(hold) as mirror:
            WORLD.cli.environment["ZWEI_MIRRORS"] = mirror.url
            run = WORLD.cli.start("data", "get", "mnist", "--data-dir", self.folder)
            del WORLD.cli.environment["ZWEI_MIRRORS"]
            self.assertTrue(held.wait(LIMIT_S))
            run.send_signal(signal.SIGINT)
            out, err = run.communicate(timeout=LIMIT_S)
            time_to_leave.set()
        self.check_refusal(zwei_cli.Run(run.returncode, out, err), ("data", "get"), FAILED, "cancelled")
        self.assertEqual(len(list((self.folder / "mnist").glob("*.gz"))), 2)
        with Mirror() as good:
            self.assertEqual(self.get("mnist", good).status, DONE)
            self.assertEqual(len(good.requests), 2)

    def test_words(self):
        """unknown sets and parts"""
        for words in (("data",), ("data", "wrong"), ("data", "get"), ("data", "get", "wrong"), ("data", "get", ""),
                      ("data", "verify", "wrong"), ("data", "list", "stray")):
            self.refused(*words, status=BAD_ARGUMENTS)


class BadImages(CliTest):
    def test_encode(self):
        """files that are not images, among good ones"""
        good = png_of(drawing(3, random.Random(1)))
        files = {"empty.png": b"", "text.png": b"This is a text.\n", "cut.png": good[:60], "signature.png": good[:8],
                 "good.png": good}
        for name, content in files.items():
            (self.folder / name).write_bytes(content)
        bad = ("empty.png", "text.png", "cut.png", "signature.png", "missing.png", ".")
        good, out = self.folder / "good.png", self.folder / "a.csv"
        cases = {name: ("encode", WORLD.model, good, self.folder / name, "--out", out) for name in bad}
        self.all_refused({name: (words, str(self.folder / name)) for name, words in cases.items()})

    def test_huge(self):
        """an image that promises more pixels than fit is refused"""
        header = struct.pack(">2I5B", 2**31 - 1, 2**31 - 1, 8, 0, 0, 0, 0)
        bomb = zwei_cli.PNG_SIGNATURE + zwei_cli.png_chunk(b"IHDR", header) + zwei_cli.png_chunk(b"IEND", b"")
        (self.folder / "huge.png").write_bytes(bomb)
        self.refused("encode", WORLD.model, self.folder / "huge.png", "--out", self.folder / "a.csv", says="huge.png")


class Diverging(CliTest):
    def command(self, *options):
        return ("train", "--data", "plain", "--data-dir", WORLD.data, "--json", *TINY, "--out", self.folder / "m", *options)

    def test_at_once(self):
        """a run that diverges in its first epoch ends with one sentence, and writes nothing"""
        constant = ("--schedule", "constant", "--epochs", 1)
        self.refused(*self.command("--lr", "1e6", *constant), says="learning rate")
        with self.subTest("more than a float holds"):
            self.refused(*self.command("--lr", "1e300", *constant), status=(BAD_ARGUMENTS,), says="learning rate")

    def test_sooner_or_later(self):
        """whatever the rate: either finite figures, or a sentence at the end; a file that is there can be read"""
        for lr, loss in itertools.product(("10", "1e3", "1e5", "1e6"), ("bernoulli", "gaussian")):
            with self.subTest(lr=lr, loss=loss):
                self.check_end(self.command("--lr", lr, "--loss", loss, "--schedule", "constant", "--epochs", 4))

    def check_end(self, command):
        run = WORLD.cli.run(*command)
        self.assertIn(run.status, (DONE, FAILED), run)
        self.assertEqual(run.status, int("learning rate" in run.lines()[-1]), run)
        self.assertFalse([word for word in ("null", "nan", "inf") if word in run.out], run)
        model = self.folder / "m"
        if run.status == DONE or model.exists():
            self.done("decode", model, "--z", "0,0", "--out", WORLD.fresh() / "z.png")
            self.json("eval", model, "--data", "plain", "--data-dir", WORLD.data, "--json")
        self.assertLessEqual({path.name for path in self.folder.iterdir()}, {"m"})
        shutil.rmtree(self.folder)
        self.folder.mkdir()


if __name__ == "__main__":
    ARGUMENTS = zwei_cli.parse_arguments()
    sys.exit(zwei_cli.run_tests(ARGUMENTS.tests))
