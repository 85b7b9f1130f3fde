# SPDX-License-Identifier: GPL-3.0-or-later
"""What `export` and `encode` write for others, read as others read it: by PyTorch, NumPy, Pillow and by the rules of
TensorBoard's Embedding Projector.

Works on a tiny data set that it makes by hand, and on every model that ships.
"""

import importlib.util
import json
import random
import re
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import zwei_cli
from zwei_cli import SIDE, idx_images, idx_labels, idx_name

try:
    import numpy
    import torch
    from PIL import Image, ImageSequence
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(zwei_cli.SKIPPED)

TRAIN, TEST = 200, 70
QUICK = ("--epochs", 2, "--batch", 20, "--threads", 1)
OTHER_NETWORKS = {
    "pca": ("--preset", "pca"),
    "pooled": ("--backbone", "convolutional", "--channels", "8,4,4", "--hidden", "none", "--resampling", "pooling"),
    "strided": ("--backbone", "convolutional", "--bottleneck", "conditional", "--channels", "4,8,8,4", "--hidden", "32",
                "--resampling", "strided", "--latent", 3),
    "two stages": ("--backbone", "convolutional", "--channels", "8,4", "--resampling", "pooling", "--activation", "relu"),
    "adversarial": ("--bottleneck", "adversarial", "--hidden", "16"),
    "skip": ("--preset", "denoise", "--channels", "4,6,8"),
}

WORLD = None


def bar(label, chance):
    """A bright bar on black whose place tells its class."""
    rows = [[chance.randrange(100, 256) if 2 + 2 * label <= y < 6 + 2 * label else 0 for _ in range(SIDE)]
            for y in range(SIDE)]
    return bytes(pixel for row in rows for pixel in row)


class World:
    """A folder with a data set, the program, and digits as images."""

    def __init__(self, arguments):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)
        self.cli = zwei_cli.Cli(arguments.cli, self.folder)
        self.shipped = sorted((arguments.source / "resources" / "models").glob("*.safetensors"))
        self.data = self.folder / "data"
        chance = random.Random(1)
        self.test_images = [bytes(chance.randrange(256) for _ in range(SIDE * SIDE)) for _ in range(TEST)]
        self.test_labels = [chance.randrange(10) for _ in range(TEST)]
        train = [bar(i % 10, chance) for i in range(TRAIN)]
        self.write_set("tiny", train, [i % 10 for i in range(TRAIN)])
        self.write_set("unlabelled", train, None)
        self.vae = next(model for model in self.shipped if model.stem == "vae")
        self.digit = self.folder / "digit.png"
        self.run("decode", self.vae, "--z", "0.3,-1.2", "--out", self.digit)

    def write_set(self, name, train, train_labels):
        folder = self.data / name
        folder.mkdir(parents=True)
        parts = (("train", train, train_labels), ("t10k", self.test_images, self.test_labels))
        for part, images, labels in parts:
            (folder / idx_name(part, "images")).write_bytes(idx_images(images))
            if train_labels is not None:
                (folder / idx_name(part, "labels")).write_bytes(idx_labels(labels))

    def run(self, *arguments):
        done = self.cli.run(*arguments)
        if done.status != 0:
            raise AssertionError(f"{arguments}: {done}")
        return done

    def fresh(self):
        return Path(tempfile.mkdtemp(dir=self.folder))

    def data_of(self, name="tiny"):
        return ("--data", name, "--data-dir", self.data)


def setUpModule():
    global WORLD
    WORLD = World(ARGUMENTS)


def tearDownModule():
    if WORLD:
        WORLD.temporary.cleanup()


def levels(file):
    with Image.open(file) as picture:
        return numpy.asarray(picture.convert("L"), dtype=int)


class Torch(unittest.TestCase):
    """model.py, which is run as a person runs it, says what the program says."""

    def exported(self, model):
        folder = WORLD.fresh() / "out"
        WORLD.run("export", model, "--to", "torch", "--out", folder)
        self.assertEqual(sorted(file.name for file in folder.iterdir()), ["model.py", "model.safetensors"])
        return folder

    def script(self, folder, *arguments):
        command = [sys.executable, folder / "model.py", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, env={**WORLD.cli.environment, "PYTHONPATH": ""})
        self.assertEqual(done.returncode, 0, done.stderr)

    @staticmethod
    def module(folder):
        """The script as another program imports it."""
        spec = importlib.util.spec_from_file_location("model", folder / "model.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    @staticmethod
    def pixels():
        return torch.from_numpy(levels(WORLD.digit).reshape(1, -1)).float() / 255

    def assert_same(self, mine, theirs, what):
        self.assertEqual(theirs.shape, (SIDE, SIDE))
        self.assertLessEqual(numpy.abs(mine - theirs).max(), 1, what)

    def check(self, model, least_contrast=0.2):
        folder = self.exported(model)
        recipe = zwei_cli.split_safetensors(model)[0]["__metadata__"]["recipe"]
        label = ("--label", 7) if '"bottleneck":"conditional"' in recipe else ()
        self.script(folder, WORLD.digit, "--out", folder / "script.png", *label)
        theirs = levels(folder / "script.png")
        self.assertGreater(theirs.std(), least_contrast, "a picture of something")
        # The copy is a model that the program opens.
        model = folder / "model.safetensors"
        if '"input":"small"' in recipe:
            factor = re.search(r'"factor":(\d)', recipe)[1]
            WORLD.run("upscale", WORLD.digit, "--model", model, "--factor", factor, "--out", folder)
            self.assert_same(levels(folder / f"digit-{factor}x.png"), theirs, "upscale")
        else:
            WORLD.run("denoise", WORLD.digit, "--as-is", "--model", model, *label, "--out", folder)
            self.assert_same(levels(folder / "digit-1-denoised.png"), theirs, "reconstruct")
        if '"bottleneck":"skip"' in recipe:
            return
        WORLD.run("encode", model, WORLD.digit, *label, "--out", folder / "code.npy")
        code = numpy.load(folder / "code.npy")[0]
        with torch.no_grad():
            own = self.module(folder).load(model)[0].encode(self.pixels(), torch.tensor([7]))[0].numpy()
        numpy.testing.assert_allclose(code, own, rtol=1e-4, atol=1e-4)
        z = ",".join(str(value) for value in code.tolist())
        WORLD.run("decode", model, f"--z={z}", *label, "--out", folder / "decoded.png")
        self.assert_same(levels(folder / "decoded.png"), theirs, "decode")
        self.script(folder, f"--z={z}", *label, "--out", folder / "point.png")
        self.assert_same(levels(folder / "decoded.png"), levels(folder / "point.png"), "--z")

    def test_every_model_that_ships(self):
        self.assertGreater(len(WORLD.shipped), 5)
        for model in WORLD.shipped:
            with self.subTest(model.stem):
                self.check(model, least_contrast=20)

    def test_every_other_network(self):
        for name, options in OTHER_NETWORKS.items():
            with self.subTest(name):
                model = WORLD.fresh() / "model.safetensors"
                WORLD.run("train", *WORLD.data_of(), *QUICK, "--out", model, *options)
                self.check(model)

    def test_model_in_half_precision_stays_one(self):
        model = WORLD.fresh() / "half.safetensors"
        WORLD.run("train", *WORLD.data_of(), *QUICK, "--half", "--with-codes", "--out", model)
        self.check(model)
        copy = self.exported(model) / "model.safetensors"
        self.assertEqual(copy.read_bytes(), model.read_bytes())

    def test_photographs_become_what_the_program_makes_of_them(self):
        folder = self.exported(WORLD.vae)
        picture = Image.open(WORLD.digit).resize((140, 112), Image.BICUBIC)
        inverted = Image.eval(picture, lambda level: 255 - level)
        inverted.save(folder / "photo.png")
        self.script(folder, folder / "photo.png", "--out", folder / "script.png")
        WORLD.run("denoise", folder / "photo.png", "--as-is", "--model", WORLD.vae, "--out", folder)
        difference = numpy.abs(levels(folder / "photo-1-denoised.png") - levels(folder / "script.png"))
        self.assertLess(difference.max(), 8, "but for the rounding of averages")

    def test_nothing_is_replaced_unasked(self):
        folder = self.exported(WORLD.vae)
        (folder / "model.py").write_text("mine")
        (folder / "notes.txt").write_text("mine, too")
        again = ("export", WORLD.vae, "--to", "torch", "--out", folder)
        refused = WORLD.cli.run(*again)
        self.assertEqual(refused.status, 1)
        self.assertIn("model.safetensors exists already", refused.err)
        self.assertEqual(refused.err.count("\n"), 1)
        self.assertEqual((folder / "model.py").read_text(), "mine")
        WORLD.run(*again, "--overwrite")
        self.assertIn("PyTorch", (folder / "model.py").read_text())
        self.assertEqual(sorted(file.name for file in folder.iterdir()), ["model.py", "model.safetensors", "notes.txt"])


class Npz(unittest.TestCase):
    """Arrays that NumPy reads, equal to those of the model file and of `encode`."""

    def test_weights_by_their_names(self):
        for model in WORLD.shipped:
            with self.subTest(model.stem):
                file = WORLD.fresh() / "model.npz"
                WORLD.run("export", model, "--to", "npz", "--out", file)
                header, data = zwei_cli.split_safetensors(model)
                tensors = {name: entry for name, entry in header.items()
                           if name not in ("__metadata__", "test_codes", "test_labels")}
                with zipfile.ZipFile(file) as packed:
                    self.assertIsNone(packed.testzip())
                with numpy.load(file) as arrays:
                    self.assertEqual(sorted(arrays), sorted(tensors))
                    for name, entry in tensors.items():
                        begin, end = entry["data_offsets"]
                        kind = {"F32": torch.float32, "F16": torch.float16}[entry["dtype"]]
                        mine = torch.frombuffer(bytearray(data[begin:end]), dtype=kind).reshape(entry["shape"])
                        self.assertEqual(arrays[name].dtype, numpy.float32)
                        self.assertTrue(torch.equal(torch.from_numpy(arrays[name]), mine.float()), name)

    def test_codes_with_data(self):
        folder = WORLD.fresh()
        WORLD.run("export", WORLD.vae, "--to", "npz", *WORLD.data_of(), "--out", folder / "model.npz")
        WORLD.run("encode", WORLD.vae, *WORLD.data_of(), "--out", folder / "codes.npy")
        WORLD.run("encode", WORLD.vae, *WORLD.data_of(), "--out", folder / "codes.csv")
        table = numpy.genfromtxt(folder / "codes.csv", delimiter=",", skip_header=1, dtype="f4")
        with numpy.load(folder / "model.npz") as arrays:
            self.assertEqual(arrays["test_mu"].shape, (TEST, 2))
            self.assertEqual(arrays["test_labels"].tolist(), WORLD.test_labels)
            numpy.testing.assert_array_equal(arrays["test_mu"], table[:, 2:4])
            numpy.testing.assert_array_equal(arrays["test_log_var"], table[:, 4:6])
            numpy.testing.assert_array_equal(arrays["test_mu"], numpy.load(folder / "codes.npy"))
            numpy.testing.assert_array_equal(arrays["test_log_var"], numpy.load(folder / "codes-log_var.npy"))
        self.assertEqual(numpy.load(folder / "codes-labels.npy").tolist(), WORLD.test_labels)

    def test_where_there_are_no_labels(self):
        folder = WORLD.fresh()
        WORLD.run("export", WORLD.vae, "--to", "npz", *WORLD.data_of("unlabelled"), "--out", folder / "model.npz")
        with numpy.load(folder / "model.npz") as arrays:
            self.assertNotIn("test_labels", arrays)
        WORLD.run("encode", WORLD.vae, *WORLD.data_of("unlabelled"), "--out", folder / "codes.npy")
        self.assertFalse((folder / "codes-labels.npy").exists())


class Tensorboard(unittest.TestCase):
    """The folder as the Embedding Projector reads it."""

    def exported(self, data):
        folder = WORLD.fresh() / "logs" / "codes"
        WORLD.run("export", WORLD.vae, "--to", "tensorboard", *WORLD.data_of(data), "--out", folder)
        return folder

    def config(self, folder):
        """The fields of the configuration, which is of one embedding; every path leads to a file in the folder."""
        text = (folder / "projector_config.pbtxt").read_text()
        fields = dict(re.findall(r'(\w+): "([^"]*)"', text))
        for path in ("tensor_path", "metadata_path", "image_path"):
            self.assertNotIn("/", fields[path])
            self.assertTrue((folder / fields[path]).is_file(), path)
        self.assertEqual(re.findall(r"single_image_dim: (\d+)", text), ["28", "28"])
        self.assertEqual(text.count("{"), text.count("}"))
        self.assertEqual(re.findall(r"(\w+) \{", text), ["embeddings", "sprite"])
        return fields

    def test_rows_are_the_codes(self):
        folder = self.exported("tiny")
        fields = self.config(folder)
        WORLD.run("encode", WORLD.vae, *WORLD.data_of(), "--out", folder / "codes.npy")
        rows = numpy.loadtxt(folder / fields["tensor_path"], delimiter="\t", dtype="f4")
        numpy.testing.assert_array_equal(rows, numpy.load(folder / "codes.npy"))

    def test_metadata_has_a_row_an_image(self):
        folder = self.exported("tiny")
        header, *rows = (folder / self.config(folder)["metadata_path"]).read_text().splitlines()
        self.assertEqual(header, "label\tindex")
        self.assertEqual([row.split("\t") for row in rows],
                         [[str(label), str(i)] for i, label in enumerate(WORLD.test_labels)])

    def test_one_column_has_no_header(self):
        folder = self.exported("unlabelled")
        rows = (folder / self.config(folder)["metadata_path"]).read_text().splitlines()
        self.assertEqual(rows, [str(i) for i in range(TEST)])

    def test_thumbnail_is_the_image_of_its_row(self):
        folder = self.exported("tiny")
        sheet = levels(folder / self.config(folder)["image_path"])
        columns = 9  # the least whose square holds 70
        self.assertEqual(sheet.shape, (columns * SIDE, columns * SIDE))
        for i in range(columns**2):
            top, left = i // columns * SIDE, i % columns * SIDE
            shown = sheet[top : top + SIDE, left : left + SIDE].astype("u1").tobytes()
            self.assertEqual(shown, WORLD.test_images[i] if i < TEST else bytes(SIDE * SIDE))


class Pictures(unittest.TestCase):
    """The same picture as pixels and as vectors."""

    def drawn(self, command, ending, *options):
        file = WORLD.fresh() / f"picture.{ending}"
        WORLD.run(command, WORLD.vae, "--out", file, *options)
        return file

    def commands(self):
        return {"grid": ("--n", 4), "scatter": WORLD.data_of(), "reconstruct": (*WORLD.data_of(), "--n", 3),
                "dream": ("--n", 10)}

    def test_scale_multiplies_the_pixels(self):
        for command, options in self.commands().items():
            with self.subTest(command):
                small = Image.open(self.drawn(command, "png", *options))
                large = Image.open(self.drawn(command, "png", *options, "--scale", 2))
                self.assertEqual(large.size, tuple(2 * side for side in small.size))
                difference = numpy.abs(numpy.asarray(large.resize(small.size, Image.BOX).convert("L"), dtype="f4")
                                       - numpy.asarray(small.convert("L"), dtype="f4"))
                self.assertLess(difference.mean(), 6, "the same picture")

    def test_svg_has_a_circle_a_point_and_text(self):
        svg = ElementTree.parse(self.drawn("scatter", "svg", *WORLD.data_of())).getroot()
        tags = [element.tag.rpartition("}")[2] for element in svg.iter()]
        # Ten more are the legend's; what is far out is not shown.
        self.assertGreater(tags.count("circle") + tags.count("ellipse"), TEST * 0.9)
        self.assertGreater(tags.count("text"), 20)
        self.assertEqual(tags.count("image"), 0)
        self.assertEqual(svg.get("viewBox"), "0 0 992 992")

    def test_images_in_an_svg_are_images(self):
        svg = ElementTree.parse(self.drawn("reconstruct", "svg", *WORLD.data_of(), "--n", 3)).getroot()
        tags = [element.tag.rpartition("}")[2] for element in svg.iter()]
        self.assertEqual(tags.count("image"), 9)

    def test_pdf_is_one_page_of_that_size(self):
        for command, options in self.commands().items():
            content = self.drawn(command, "pdf", *options).read_bytes()
            self.assertTrue(content.startswith(b"%PDF"))
            self.assertIn(b"/Count 1", content)
            self.assertGreater(len(content), 1024)
        box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", self.drawn("grid", "pdf", "--n", 2).read_bytes())
        self.assertEqual([round(float(side)) for side in box.groups()], [992, 992])


class Films(unittest.TestCase):
    """A run, frame by frame."""

    def train(self, *options, status=0):
        out = WORLD.fresh() / "model.safetensors"
        run = WORLD.cli.run("train", *WORLD.data_of(), *QUICK, "--hidden", 16, "--out", out, *options)
        self.assertEqual(run.status, status, str(run))
        return run

    def frames(self, file):
        with Image.open(file) as film:
            self.assertEqual(film.info.get("loop"), 0, "for ever")
            return [numpy.asarray(frame.convert("RGB"), dtype=int) for frame in ImageSequence.Iterator(film)]

    def test_frame_an_epoch(self):
        film = WORLD.fresh() / "run.gif"
        self.train("--film", film, "--lr", 0.02)
        frames = self.frames(film)
        self.assertEqual(len(frames), 3, "before, and after two epochs")
        self.assertEqual(frames[0].shape, (584, 560, 3))
        for before, after in zip(frames, frames[1:]):
            self.assertGreater(numpy.abs(before[:560] - after[:560]).mean(), 0.5)
        self.assertTrue((frames[0][..., 0] == frames[0][..., 2]).all(), "grey")

    def test_frame_every_few_batches(self):
        film = WORLD.fresh() / "run.gif"
        self.train("--film", film, "--film-every", 4)
        self.assertEqual(len(self.frames(film)), 6, "0, 4, ... 20 of twenty batches")

    def test_film_changes_nothing_of_what_is_learnt(self):
        reports = [json.loads(self.train("--json", *options).out)["test"]
                   for options in ((), ("--film", WORLD.fresh() / "run.gif", "--film-every", 3))]
        self.assertEqual(*reports)

    def test_scatter_in_the_colours_of_the_classes(self):
        film = WORLD.fresh() / "run.gif"
        self.train("--film", film, "--film-of", "scatter")
        frames = self.frames(film)
        self.assertEqual((len(frames), frames[0].shape), (3, (992, 992, 3)))
        for colour in ((0x3F, 0x90, 0xDA), (0xBD, 0x1F, 0x01)):
            self.assertTrue((numpy.abs(frames[-1] - colour).max(axis=2) < 12).any())

    def test_folder_of_frames(self):
        folder = WORLD.fresh() / "frames"
        self.train("--film", folder)
        self.assertEqual(sorted(file.name for file in folder.iterdir()),
                         ["frame-0001.png", "frame-0002.png", "frame-0003.png"])
        self.assertEqual(levels(folder / "frame-0002.png").shape, (584, 560))
        self.assertIn("exists already", self.train("--film", folder, status=1).err)

    def test_conditional_and_linear_models(self):
        for options, shape in ((("--bottleneck", "conditional"), (304, 560)), (("--preset", "pca"), (584, 560))):
            film = WORLD.fresh() / "run.gif"
            self.train("--film", film, *options)
            self.assertEqual(self.frames(film)[-1].shape[:2], shape)

    def test_network_without_a_code(self):
        run = self.train("--preset", "denoise", "--channels", "4,4", "--film", WORLD.fresh() / "run.gif", status=1)
        self.assertIn("no", run.err)
        self.assertEqual(run.err.count("\n"), 1)


class Refusals(unittest.TestCase):
    """One sentence, and nothing is left behind."""

    def refuse(self, status, says, *arguments):
        folder = WORLD.fresh()
        done = WORLD.cli.run("export", *arguments, "--out", folder / "new")
        self.assertEqual(done.status, status, str(done))
        self.assertIn(says, done.err)
        self.assertEqual(done.err.count("\n"), 1, done.err)
        self.assertEqual(list(folder.iterdir()), [])

    def test_arguments_that_do_not_go(self):
        self.refuse(2, "needs --data", WORLD.vae, "--to", "tensorboard")
        self.refuse(2, "takes no --data", WORLD.vae, "--to", "torch", *WORLD.data_of())
        self.refuse(2, "onnx", WORLD.vae, "--to", "onnx")

    def test_what_is_no_model(self):
        file = WORLD.fresh() / "bad.safetensors"
        file.write_bytes(b"nothing")
        for kind in ("torch", "npz"):
            self.refuse(1, "bad.safetensors", file, "--to", kind)

    def test_network_without_a_code(self):
        model = next(model for model in WORLD.shipped if model.stem == "denoise")
        self.refuse(1, "no code", model, "--to", "tensorboard", *WORLD.data_of())
        self.refuse(1, "no code", model, "--to", "npz", *WORLD.data_of())

    def test_place_that_cannot_be_written(self):
        occupied = WORLD.fresh() / "file"
        occupied.write_text("mine")
        for out in (occupied, occupied / "below"):
            done = WORLD.cli.run("export", WORLD.vae, "--to", "torch", "--out", out)
            self.assertEqual((done.status, done.err.count("\n")), (1, 1), str(done))
        self.assertEqual(occupied.read_text(), "mine")


if __name__ == "__main__":
    ARGUMENTS = zwei_cli.parse_arguments()
    sys.exit(zwei_cli.run_tests(ARGUMENTS.tests))
