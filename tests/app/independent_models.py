# SPDX-License-Identifier: GPL-3.0-or-later
"""A second opinion on what the program says of a model.

Trains a small model of every kind with the program, and then does all again in PyTorch, with nothing of the program's
but the model file: reads it, rebuilds the network from its recipe, measures the -ELBO on MNIST's test images, encodes,
decodes and reconstructs. What both say must agree; of the models that ship with the program, too.
"""

import csv
import json
import sys
import unittest

import zwei_cli

try:
    import numpy
    import torch
    from PIL import Image

    import torch_models
    from torch_models import estimate, grey, in_chunks
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(zwei_cli.SKIPPED)

NATS_EXACT = 0.01  # where nothing is sampled; single precision, summed over 784 pixels
SHARE_EXACT = 1e-5  # of grey values in [0, 1], squared or in nats a pixel
GREY_LEVELS = 1
READ_LEVELS = 2  # a picture's colours are fewer than the grey levels
READ_INPUT = 12  # where the input may be a grey level off, and a network makes more of it
CODE = 1e-3
CODE_ROUNDED = 0.05  # where weights in half precision, or an average between two grey levels, may go up or down
POINTS = ((0.0, 0.0), (1.25, -0.75), (-2.5, 0.4), (3.0, 3.0))
PICTURES = (0, 1, 2, 150, 599)
LABEL = 7  # which conditional models are told of a picture
TRAIN, TEST = 2000, 600  # images of the data set "few"
USED = ("--beta", 0.1)  # so that a code is used before long
NEIGHBOURS = 5
RIGHT = 0.9

PLACE = None  # where the program runs: set by setUpModule


def setUpModule():
    """Finds MNIST and reads it, or leaves all tests to be skipped."""
    global PLACE
    PLACE = torch_models.Workplace(ARGUMENTS)
    PLACE.write_data("few", PLACE.first("train", TRAIN), PLACE.first("t10k", TEST))


def tearDownModule():
    if PLACE:
        PLACE.close()


def read_codes(file):
    """Codes of a CSV file, [N, size] or, with log variances, [N, 2 * size]; and its other columns."""
    with open(file, newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    return torch.tensor([[float(value) for value in row[2:]] for row in rows]), [row[:2] for row in rows]


def read_tiles(file, names):
    """Grey images [rows, N, 28, 28] of a picture with tiles of 84x84 pixels, in ink on white paper.

    The pixel in the middle of 3x3 has the colour of the image's own. Beside the tiles are `names` pixels, and there is
    the same margin all around.
    """
    with Image.open(file) as picture:
        colours = numpy.array(picture.convert("RGB"), dtype="f8")[..., 0]
    rows = colours.shape[0] // 84
    margin = (colours.shape[0] - 84 * rows) // 2
    tiles = colours[margin : margin + 84 * rows, margin + names : colours.shape[1] - margin]
    ink = tiles[:84].min()  # a digit's darkest pixel
    pixels = (255 - tiles[1::3, 1::3]) * 255 / (255 - ink)
    return torch.tensor(pixels.reshape(rows, 28, -1, 28).transpose(0, 2, 1, 3).round())


def whole_codes(posterior):
    """mu, and the log variance where there is one, side by side."""
    return torch.cat([part for part in posterior if part is not None], dim=1)


def quality_draw(model, images, labels, generator):
    """Mean squared error and cross-entropy, in nats a pixel, of each image that comes out."""
    inputs = grey(torch_models.model_input(model.recipe, images, generator)) / 255
    logits = in_chunks(model.network.reconstruct, inputs, labels)
    mse = ((grey(torch.sigmoid(logits)) / 255 - images) ** 2).mean(1)
    return {"mse": mse, "bce": -torch_models.log_likelihood("bernoulli", images, logits) / images.shape[1]}


def elbo(model, images, labels, deviation=torch_models.sigma):
    """Estimates of reconstruction loss, KL and -ELBO."""
    return estimate(lambda generator: torch_models.elbo_draw(model, images, labels, generator, deviation))


def quality(model, images, labels):
    """Estimates of what `eval` says of the images that come out."""
    return estimate(lambda generator: quality_draw(model, images, labels, generator))


class Agreement:
    """What the checks of one model share: figures that are the program's, but for what is drawn at random."""

    data = "few"

    def compare(self, own, said, exact):
        for name, figure in own.items():
            allowed = figure.tolerance + exact
            print(f"{name} {figure.mean:.5f}, the program {said[name]:.5f} (+-{allowed:.5f});", end=" ")
            self.assertAlmostEqual(figure.mean, said[name], delta=allowed, msg=name)

    def compare_evaluation(self, model):
        """Compares with `eval --quick`, and returns what that says."""
        pixels, labels = PLACE.parts[self.data, "t10k"]
        images = pixels.double() / 255
        said = PLACE.ask("eval", model.file, "--data", self.data, "--quick", "--json")
        self.assertEqual(said["images"], len(images))
        own = elbo(model, images, labels)
        self.compare(own, said["test"], NATS_EXACT)
        self.assertEqual(said["test"]["kl"] > 0, model.network.is_variational)
        self.compare(quality(model, images, labels), said, SHARE_EXACT)
        return said


class Comparison(Agreement):
    """The checks of one small model that the program trains; each class below is one."""

    name, options = "", ()
    points = POINTS[1:2]
    code = CODE
    rounding = 1e-3  # nats by which a model file may differ from the model that was trained

    @classmethod
    def setUpClass(cls):
        file = PLACE.folder / f"{cls.name}.safetensors"
        options = ("--data", cls.data, "--epochs", 1, "--batch", 50, "--json", "--out", file, *cls.options)
        cls.trained = PLACE.ask("train", *options)
        cls.model = torch_models.Model(file)
        cls.recipe, cls.network = cls.model.recipe, cls.model.network
        cls.pixels, cls.labels = PLACE.parts[cls.data, "t10k"]
        cls.images = cls.pixels.double() / 255

    def test_evaluation(self):
        """-ELBO, reconstruction, KL, MSE and cross-entropy of the test images are the program's"""
        said = self.compare_evaluation(self.model)
        for term, value in self.trained["test"].items():
            self.assertAlmostEqual(value, said["test"][term], delta=self.rounding)

    def test_reconstruct(self):
        """what comes out for test images is the program's, within what the colours of its picture tell"""
        count, picture = 8, PLACE.folder / "reconstructed.png"
        look = ("--n", count, "--theme", "light", "--out", picture)
        PLACE.ask("reconstruct", self.model.file, "--data", self.data, *look)
        *clean, inputs, outputs, _ = read_tiles(picture, names=96).flatten(2)
        self.assertEqual(bool(clean), self.recipe["input"] != "clean")
        self.assertLessEqual(((clean or [inputs])[0] - self.pixels[:count]).abs().max().item(), READ_LEVELS)
        if self.recipe["input"] != "noisy":  # noise is read from the picture, all else is known better
            own = grey(torch_models.model_input(self.recipe, self.images[:count], None))
            self.assertLessEqual((inputs - own).abs().max().item(), READ_LEVELS)
            inputs = own
        own = grey(torch.sigmoid(self.network.reconstruct(inputs / 255, self.labels[:count])))
        self.assertGreater(own.max() - own.min(), 50, "an empty image proves nothing")
        difference = (outputs - own).abs()
        print(f"difference at most {difference.max():.0f} and on average {difference.mean():.3f} grey levels;", end=" ")
        self.assertLessEqual(difference.max().item(), READ_LEVELS if self.recipe["input"] == "clean" else READ_INPUT)
        self.assertLess(difference.mean().item(), 0.5)


class CodeComparison(Comparison):
    """The checks of models that have a code."""

    def decoded(self, point):
        """What the program decodes, [784]."""
        picture = PLACE.folder / "decoded.png"
        PLACE.ask("decode", self.model.file, "--z=" + ",".join(map(str, point)), "--label", LABEL, "--out", picture)
        with Image.open(picture) as image:
            self.assertEqual((image.size, image.mode), ((28, 28), "L"))
            return torch.tensor(numpy.array(image, dtype="f8").reshape(784))

    def test_decode(self):
        """decoded images are the program's, within one grey level"""
        size = self.recipe["latent_size"]
        for corner in self.points:
            point = (corner * size)[:size]
            logits = self.network.decode(torch.tensor([point], dtype=torch.float64), torch.tensor([LABEL]))
            own = 255 * torch.sigmoid(logits)[0]
            self.assertGreater(own.max() - own.min(), 50, "an empty image proves nothing")
            self.assertLessEqual((self.decoded(point) - own).abs().max().item(), GREY_LEVELS)

    def test_encode(self):
        """codes of the test images are the program's"""
        if self.recipe["input"] == "noisy":
            self.skipTest("the noise is the program's own")
        table = PLACE.folder / "codes.csv"
        PLACE.ask("encode", self.model.file, "--data", self.data, "--out", table)
        inputs = grey(torch_models.model_input(self.recipe, self.images, None)) / 255
        self.compare_codes(read_codes(table)[0], inputs, self.labels)

    def compare_codes(self, said, inputs, labels):
        own = whole_codes(in_chunks(self.network.encode, inputs, labels))
        self.assertEqual(said.shape, own.shape)
        difference = (said - own).abs().max().item()
        print(f"largest difference {difference:.1e};", end=" ")
        self.assertLess(difference, self.code)


class PictureComparison(CodeComparison):
    """The same, and image files."""

    def test_encode_pictures(self):
        """codes of test images saved as PNG are the program's"""
        files = [str(PLACE.folder / f"{index}.png") for index in PICTURES]
        for index, file in zip(PICTURES, files):
            Image.fromarray(self.pixels[index].numpy().reshape(28, 28)).save(file)
        table = PLACE.folder / "pictures.csv"
        PLACE.ask("encode", self.model.file, *files, "--label", LABEL, "--out", table)
        said, names = read_codes(table)
        self.assertEqual(names, [[file, ""] for file in files])
        self.compare_codes(said, self.images[list(PICTURES)], torch.full((len(PICTURES),), LABEL))


# ---- A small one of every kind ----


class DenseVae(PictureComparison, unittest.TestCase):
    """The one that is tried on all of MNIST."""

    name, options, data, points = "dense", ("--hidden", "64,32"), "mnist", POINTS

    def test_would_notice(self):
        """a sigma of exp(log variance), as in the lesson, would be noticed"""
        right = elbo(self.model, self.images, self.labels)["reconstruction"]
        wrong = elbo(self.model, self.images, self.labels, deviation=torch.exp)["reconstruction"]
        self.assertGreater(abs(right.mean - wrong.mean), 2 * (right.tolerance + NATS_EXACT))


class GaussianVae(CodeComparison, unittest.TestCase):
    """Three dimensions, ReLU, Gaussian pixels, and a file in half precision."""

    name = "gaussian"
    options = ("--hidden", 48, "--activation", "relu", "--loss", "gaussian", "--latent", 3, "--half", *USED)
    rounding = 0.05


class PoolingVae(CodeComparison, unittest.TestCase):
    """Three stages, so that the way back needs the convolution that trims; no dense layer."""

    name = "pooling"
    options = ("--preset", "conv-vae", "--resampling", "pooling", "--channels", "4,4,4", "--hidden", "none", "--lr", 2e-2, *USED)


class ConditionalStridedVae(PictureComparison, unittest.TestCase):
    """Three stages, so that the way back cuts off a border; a dense layer; and the label as an image a class."""

    name = "strided"
    options = ("--preset", "conv-vae", "--bottleneck", "conditional", "--channels", "4,6,8", "--hidden", 32, "--lr", 1e-2, *USED)


class ConditionalVae(CodeComparison, unittest.TestCase):
    name, options = "conditional", ("--preset", "cvae", "--hidden", "64,32", *USED)

    def test_would_notice(self):
        """the label of another image would be noticed"""
        right = quality(self.model, self.images, self.labels)["bce"]
        wrong = quality(self.model, self.images, self.labels.roll(1))["bce"]
        self.assertGreater(abs(right.mean - wrong.mean), 2 * (right.tolerance + SHARE_EXACT))


class PlainAutoencoder(CodeComparison, unittest.TestCase):
    """Of images of 7x7 pixels."""

    name, options = "plain", ("--preset", "ae", "--hidden", "64,32", "--input", "small", "--factor", 4)
    code = CODE_ROUNDED


class AdversarialAutoencoder(PictureComparison, unittest.TestCase):
    """Of images of which squares are missing."""

    name = "adversarial"
    options = ("--preset", "aae", "--hidden", "64,32", "--lr", 3e-3, "--input", "noisy", "--noise", "blocks",
               "--noise-level", "0,0.5")


class PrincipalComponents(CodeComparison, unittest.TestCase):
    name, options = "linear", ("--preset", "pca", "--latent", 5)

    def test_components(self):
        """the components are those of the training images' covariance"""
        images = PLACE.parts[self.data, "train"][0].double() / 255
        _, _, components = torch.linalg.svd(images - images.mean(0), full_matrices=False)
        match = (self.model.tensors["mu.weight"].double() @ components[:5].T).abs()
        self.assertLess((match - torch.eye(5)).abs().max().item(), 1e-3)


class Denoiser(Comparison, unittest.TestCase):
    name, options = "denoiser", ("--preset", "denoise", "--channels", "8,8,12")


class SaltAndPepperDenoiser(Comparison, unittest.TestCase):
    """Two stages, ReLU."""

    name = "salt-and-pepper"
    options = ("--preset", "denoise", "--channels", "6,8", "--activation", "relu", "--noise", "salt-and-pepper",
               "--noise-level", "0.1,0.4")


class SuperResolution(Comparison, unittest.TestCase):
    name, options = "super-resolution", ("--preset", "superres-2x", "--channels", "8,12")

    def test_would_notice(self):
        """every second pixel instead of the average of four would be noticed"""
        inputs = torch_models.averaged(self.images, 2)
        picked = self.images.reshape(-1, 28, 28)[:, ::2, ::2].repeat_interleave(2, 1).repeat_interleave(2, 2).flatten(1)
        right, wrong = (torch.sigmoid(in_chunks(self.network.reconstruct, each)) for each in (inputs, picked))
        self.assertGreater((wrong - self.images).pow(2).mean() - (right - self.images).pow(2).mean(), 2 * SHARE_EXACT)


# ---- Files of other times and places ----


class OlderFiles(Agreement, unittest.TestCase):
    """Files as the first version of the format had them."""

    def older(self, name, *options):
        """A model of today as the first version would have written it."""
        today, older = (PLACE.folder / f"{name}{ending}.safetensors" for ending in ("", "-1"))
        PLACE.ask("train", "--data", "few", "--epochs", 1, "--out", today, "--json", *options)
        header, data = zwei_cli.split_safetensors(today)
        metadata = header["__metadata__"]
        recipe = {key: value for key, value in json.loads(metadata["recipe"]).items()
                  if key not in torch_models.IN_NO_FIRST_VERSION}
        header["__metadata__"] = metadata | {"recipe": json.dumps(recipe), "format_version": "1"}
        older.write_bytes(zwei_cli.join_safetensors(header, data))
        return today, older

    def check(self, today, older):
        said = self.compare_evaluation(torch_models.Model(older))
        self.assertEqual(said, PLACE.ask("eval", today, "--data", self.data, "--quick", "--json"))

    def test_dense(self):
        """a dense model of the first version has the figures that it has today"""
        self.check(*self.older("old-dense", "--hidden", 32))

    def test_convolutional(self):
        """so has a convolutional one, whose recipe said of dense widths what was not so"""
        today, older = self.older("old-pooling", "--backbone", "convolutional", "--channels", "4,4", "--hidden", "none")
        header, data = zwei_cli.split_safetensors(older)
        recipe = json.loads(header["__metadata__"]["recipe"]) | {"hidden": [512, 256]}
        header["__metadata__"]["recipe"] = json.dumps(recipe)
        older.write_bytes(zwei_cli.join_safetensors(header, data))
        self.check(today, older)


class ShippedModels(Agreement, unittest.TestCase):
    """Every model file that ships with the program."""

    def test_evaluation(self):
        """figures of every model that ships with the program are the program's"""
        for file in torch_models.shipped_models(ARGUMENTS):
            with self.subTest(file.stem):
                print(f"\n  {file.stem}:", end=" ")
                self.compare_evaluation(torch_models.Model(file))

    def test_codes(self):
        """the codes and labels beside a network are those of MNIST's test images"""
        pixels, labels = PLACE.parts["mnist", "t10k"]
        models = map(torch_models.Model, torch_models.shipped_models(ARGUMENTS))
        for model in (model for model in models if "test_codes" in model.tensors):
            with self.subTest(model.file.stem):
                mu, _ = in_chunks(model.network.encode, pixels.double() / 255, labels)
                difference = (mu - model.tensors["test_codes"]).abs().max().item()
                print(f"{model.file.stem}, largest difference {difference:.1e};", end=" ")
                self.assertLess(difference, CODE_ROUNDED)
                self.assertTrue(torch.equal(model.tensors["test_labels"].long(), labels))


class DrawnDigits(unittest.TestCase):
    """Whether conditional models draw what they are asked for: the nearest training images judge."""

    def drawn(self, file):
        """Images [500, 784] in [0, 1] at points of the prior, of the classes 0 to 9 in turn."""
        picture = PLACE.folder / "dream.png"
        PLACE.ask("dream", file, "--n", 500, "--theme", "light", "--out", picture)
        images = read_tiles(picture, names=0).flatten(2).flatten(0, 1).float() / 255
        self.assertEqual(len(images), 500)
        return images

    @staticmethod
    def recognised(images):
        """The class of each image: the commonest among the training images nearest to it."""
        train, labels = PLACE.parts["mnist", "train"]
        train = train.float() / 255
        distances = (train**2).sum(1) - 2 * images @ train.T  # squared, but for what is equal for all of an image
        return labels[distances.topk(NEIGHBOURS, largest=False).indices].mode(1).values

    @staticmethod
    def shipped(bottleneck):
        models = map(torch_models.Model, torch_models.shipped_models(ARGUMENTS))
        files = [model.file for model in models if model.recipe["bottleneck"] == bottleneck]
        if not files:
            raise unittest.SkipTest(f"no {bottleneck} model ships with the program")
        return files[0]

    def test_conditional(self):
        """the conditional model that ships with the program draws the digit it is asked for, 9 times in 10"""
        classes = self.recognised(self.drawn(self.shipped("conditional")))
        right, turned = (self.share_right(classes, turn) for turn in (0, 1))
        print(f"{100 * right:.1f} % of the digits right, {100 * turned:.1f} % were the labels turned;", end=" ")
        self.assertGreaterEqual(right, RIGHT)
        self.assertLess(turned, RIGHT)

    def test_would_notice(self):
        """one that is not told the label would not"""
        right = self.share_right(self.recognised(self.drawn(self.shipped("gaussian"))))
        print(f"{100 * right:.1f} % of the digits right;", end=" ")
        self.assertLess(right, RIGHT)

    @staticmethod
    def share_right(classes, turn=0):
        """How many are what was asked for, were the labels turned by so many."""
        return (classes == (torch.arange(len(classes)) + turn) % 10).double().mean().item()


if __name__ == "__main__":
    ARGUMENTS = zwei_cli.parse_arguments()
    sys.exit(zwei_cli.run_tests(ARGUMENTS.tests))
