# SPDX-License-Identifier: GPL-3.0-or-later
"""A second opinion on every figure of `zwei-cli eval`.

Measures models again with scikit-learn, scikit-image, SciPy and Pillow, on codes and images of the networks as PyTorch
rebuilds them. What is drawn at random has other seeds here: an estimate comes with how far another may be from it.
"""

import json
import math
import sys
import unittest

import zwei_cli

try:
    import numpy
    import torch
    from PIL import Image
    from scipy import ndimage, special, stats
    from skimage.metrics import peak_signal_noise_ratio, structural_similarity
    from sklearn.manifold import trustworthiness
    from sklearn.neighbors import KNeighborsClassifier

    import torch_models
    from torch_models import estimate, grey, in_chunks
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(zwei_cli.SKIPPED)

EXACT = {"mse": 1e-6, "psnr": 1e-4, "ssim": 5e-6, "bce": 1e-6, "nats": 1e-3}  # of single precision
# Where an average lies between two grey levels, a network may be fed either; such ties are a quarter of all.
EXACT_FROM_AVERAGES = {"mse": 1e-5, "psnr": 5e-3, "ssim": 1e-4, "bce": 1e-4, "nats": 1e-2}
WRONG = 2  # codes of test images with another nearest neighbour in single precision
TRUST = 1e-4  # images that are equally far from another have the same rank for one and an order for the other
DISTANCE = 1e-4  # to the prior
KL = 1e-5  # nats
DIRECTIONS = 1000
SAMPLES = 500  # of the log-likelihood

PLACE = None  # where the program runs: set by setUpModule


def setUpModule():
    """Finds MNIST and makes small data sets of it, or leaves all tests to be skipped."""
    global PLACE
    PLACE = torch_models.Workplace(ARGUMENTS)
    PLACE.write_data("few", PLACE.first("train", 2000), PLACE.first("t10k", 600))
    images, labels = PLACE.first("t10k", 150)
    PLACE.write_data("fewer", PLACE.first("train", 50), (images, labels))
    ink = torch.bernoulli(images.double() / 255, generator=torch_models.generator_of(1)) * 255
    PLACE.write_data("ink", PLACE.first("train", 50), (ink.to(torch.uint8), labels))


def tearDownModule():
    if PLACE:
        PLACE.close()


def shipped_vae():
    return ARGUMENTS.source / "resources" / "models" / "vae.safetensors"


# ---- The other implementations ----


def image_quality(images, clean):
    """MSE, PSNR and SSIM of each image [N, 784], of whole grey levels; SSIM as Wang et al. (2004) have it."""
    pairs = [(a.reshape(28, 28), b.reshape(28, 28)) for a, b in zip(images.numpy(), clean.numpy())]
    mse = ((images - clean) ** 2).mean(1) / 255**2
    equal = 20 * math.log10(255 / 0.5)  # dB of images that are equal: half a grey level off
    psnr = [equal if (a == b).all() else min(equal, peak_signal_noise_ratio(b, a, data_range=255)) for a, b in pairs]
    return {"mse": mse, "psnr": torch.tensor(psnr), "ssim": torch.tensor([similarity(a, b) for a, b in pairs])}


def similarity(image, clean, sigma=1.5, of_samples=False):
    return structural_similarity(clean, image, data_range=255, gaussian_weights=True, sigma=sigma,
                                 use_sample_covariance=of_samples)


def cross_entropy(clean, logits):
    """In nats a pixel, of each image."""
    return torch.nn.functional.binary_cross_entropy_with_logits(logits, clean / 255, reduction="none").mean(1)


def restored(model, inputs, clean, labels=None):
    """What a model makes of inputs of whole grey levels: quality and cross-entropy of each image."""
    logits = in_chunks(model.network.reconstruct, inputs / 255, labels)
    return image_quality(grey(torch.sigmoid(logits)), clean) | {"bce": cross_entropy(clean, logits)}


def prior_distance(codes, first_angle=0.1):
    """Sliced Wasserstein-2 distance of points in the plane to N(0, I)."""
    angles = torch.arange(DIRECTIONS) * math.pi / DIRECTIONS + first_angle
    directions = torch.stack([angles.cos(), angles.sin()]).double()
    quantiles = torch.tensor(stats.norm.ppf((numpy.arange(len(codes)) + 0.5) / len(codes)))
    return ((codes @ directions).sort(dim=0).values - quantiles[:, None]).square().mean().sqrt()


def importance_weighted(model, images, labels, generator):
    """log p(x) from below of each black-and-white image (Burda et al., 2016, equation 8)."""
    standard = torch.distributions.Normal(0.0, 1.0)
    found = []
    for image, label in zip(images, labels):
        label = label.expand(SAMPLES)
        mu, log_var = model.network.encode(image[None], label[:1])
        posterior = torch.distributions.Normal(mu, torch_models.sigma(log_var))
        z = mu + posterior.scale * torch.randn((SAMPLES, mu.shape[1]), generator=generator, dtype=mu.dtype)
        weights = torch_models.log_likelihood("bernoulli", image, model.network.decode(z, label))
        weights += (standard.log_prob(z) - posterior.log_prob(z)).sum(1)
        found.append(weights.logsumexp(0) - math.log(SAMPLES))
    return torch.stack(found)


def shrunk(clean, factor):
    """Averages over squares to the nearest grey level, halves upwards: [N, 28 / factor, 28 / factor]."""
    sums = clean.reshape(-1, 28 // factor, factor, 28 // factor, factor).sum((2, 4))
    return (sums / factor**2 + 0.5).floor()


def enlarged(small, resample):
    """Pillow's resizing, in floating point."""
    images = [Image.fromarray(each.astype("f4"), mode="F").resize((28, 28), resample) for each in small.numpy()]
    return torch.tensor(numpy.stack([numpy.array(image) for image in images])).clamp(0, 255).round().double().flatten(1)


def medians(images):
    """The median of 3x3 pixels, the border repeated."""
    filtered = ndimage.median_filter(images.reshape(-1, 28, 28).numpy(), size=(1, 3, 3), mode="nearest")
    return torch.tensor(filtered).flatten(1)


# ---- What is compared ----


class Comparison:
    """The checks of one model on one data set."""

    data, exact = "few", EXACT

    @classmethod
    def measure(cls, file, *options):
        """Sets the model, the images and what the program says of them."""
        cls.model = torch_models.Model(file)
        cls.pixels, cls.labels = PLACE.parts[cls.data, "t10k"]
        cls.clean = cls.pixels.double()
        cls.images = cls.clean / 255
        cls.said = PLACE.ask("eval", file, "--data", cls.data, "--json", *options)

    @staticmethod
    def train(name, *options):
        """A small model that the program trains."""
        file = PLACE.folder / f"{name}.safetensors"
        PLACE.ask("train", "--data", "few", "--epochs", 1, "--batch", 50, "--out", file, *options)
        return file

    def compare(self, name, own, said, exact):
        """A figure, or an estimate of one, and what the program says."""
        mean, tolerance = (own.mean, own.tolerance) if isinstance(own, torch_models.Estimate) else (own, 0)
        print(f"{name} {abs(mean - said):.1e} of {mean:.4f} (+-{tolerance + exact:.1e});", end=" ")
        self.assertAlmostEqual(mean, said, delta=tolerance + exact, msg=name)

    def compare_all(self, own, said):
        for name, figure in own.items():
            figure = figure.mean().item() if isinstance(figure, torch.Tensor) else figure
            self.compare(name, figure, said[name], self.exact.get(name, self.exact["nats"]))


class EveryModel(Comparison):
    """What there is of every model."""

    def outputs(self, generator):
        inputs = grey(torch_models.model_input(self.model.recipe, self.images, generator))
        return restored(self.model, inputs, self.clean, self.labels)

    def test_images(self):
        """-ELBO, MSE, PSNR, SSIM and cross-entropy agree with PyTorch and scikit-image"""
        self.assertEqual(self.said["images"], len(self.images))
        draw = torch_models.elbo_draw
        self.compare_all(estimate(lambda generator: draw(self.model, self.images, self.labels, generator)),
                         self.said["test"])
        self.compare_all(estimate(self.outputs), self.said)

    def test_floor(self):
        """the floor of the cross-entropy agrees with SciPy's entropies"""
        pixels = self.images.numpy()
        floor = (special.entr(pixels) + special.entr(1 - pixels)).mean()
        self.compare("floor", floor, self.said["bce_floor"], 1e-9)
        self.assertAlmostEqual(self.said["bce"] - self.said["bce_floor"], self.said["bce_above_floor"], delta=1e-9)


class ModelWithCode(EveryModel):
    """What there is of every code."""

    def codes(self, part):
        images, labels = PLACE.parts[self.data, part]
        return in_chunks(self.model.network.encode, images.double() / 255, labels)

    def test_neighbours(self):
        """accuracies of 1 and 5 neighbours agree with scikit-learn"""
        train, test = self.codes("train")[0], self.codes("t10k")[0]
        for count in (1, 5):
            judge = KNeighborsClassifier(count).fit(train.numpy(), PLACE.parts[self.data, "train"][1].numpy())
            share = judge.score(test.numpy(), self.labels.numpy())
            self.compare(f"of {count}", share, self.said[f"accuracy_{count}nn"], WRONG / len(test))

    def test_trustworthiness(self):
        """trustworthiness agrees with scikit-learn"""
        codes = self.codes("t10k")[0].numpy()
        own = trustworthiness(self.clean.numpy(), codes, n_neighbors=5)
        self.compare("trustworthiness", own, self.said["trustworthiness"], TRUST)
        other = trustworthiness(self.clean.numpy(), codes, n_neighbors=6)
        self.assertGreater(abs(own - other), 2 * TRUST, "another number of neighbours would not be noticed")

    def test_prior_distance(self):
        """the distance to the prior agrees with sorted projections and SciPy's quantiles"""
        mu, log_var = self.codes("t10k")
        if log_var is None:
            self.compare("distance", prior_distance(mu).item(), self.said["prior_distance"], DISTANCE)
            return

        def draw(generator):
            noise = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
            return prior_distance(mu + torch_models.sigma(log_var) * noise)[None]

        self.compare("distance", estimate(draw, count=20), self.said["prior_distance"], DISTANCE)


class VariationalModel(ModelWithCode):
    """What there is of a code that is a distribution."""

    def test_dimensions(self):
        """KL by dimension and active dimensions agree with the closed form and NumPy's variance"""
        mu, log_var = self.codes("t10k")
        own = torch_models.kl_by_dimension(mu, log_var).mean(0)
        for kl, said in zip(own, self.said["kl_by_dimension"], strict=True):
            self.compare("kl", kl.item(), said, KL)
        self.assertEqual(self.said["active_dimensions"], int((numpy.var(mu.numpy(), axis=0) > 0.01).sum()))

    def test_binarised(self):
        """-ELBO of images that are drawn from their grey values agrees"""

        def draw(generator):
            drawn = torch.bernoulli(self.images, generator=generator)
            return torch_models.elbo_draw(self.model, drawn, self.labels, generator)

        self.compare_all(estimate(draw, count=8), self.said["binarised"])


class ShippedVae(VariationalModel, unittest.TestCase):
    """The VAE that ships with the program."""

    @classmethod
    def setUpClass(cls):
        cls.measure(shipped_vae(), "--images", 1, "--samples", 1)

    def test_would_notice(self):
        """another window, or covariances of samples, would be noticed in the SSIM"""
        outputs = grey(torch.sigmoid(in_chunks(self.model.network.reconstruct, self.images, self.labels)))
        pairs = [(a.reshape(28, 28), b.reshape(28, 28)) for a, b in zip(outputs.numpy(), self.clean.numpy())]
        for wrong in ({"sigma": 1.6}, {"of_samples": True}):
            ssim = numpy.mean([similarity(*pair, **wrong) for pair in pairs])
            self.assertGreater(abs(ssim - self.said["ssim"]), 10 * self.exact["ssim"])


class AdversarialAutoencoder(ModelWithCode, unittest.TestCase):
    """Codes without a distribution: nothing is drawn."""

    @classmethod
    def setUpClass(cls):
        cls.measure(cls.train("aae", "--preset", "aae", "--hidden", "64,32", "--lr", 3e-3))

    def test_has_no_likelihood(self):
        """nothing is said of what there is not"""
        for name in ("kl_by_dimension", "active_dimensions", "binarised", "log_likelihood", "restorations"):
            self.assertNotIn(name, self.said)


class UnusedDimensions(VariationalModel, unittest.TestCase):
    """A conditional model with a KL so dear that its code is hardly used."""

    @classmethod
    def setUpClass(cls):
        file = cls.train("cvae", "--preset", "cvae", "--hidden", "64,32", "--beta", 12)
        cls.measure(file, "--images", 1, "--samples", 1)


class Likelihood(Comparison):
    """Black-and-white images: what the program draws from their grey values is they themselves."""

    data = "ink"

    def test_likelihood(self):
        """the log-likelihood agrees with PyTorch's densities"""
        said = self.said["log_likelihood"]
        self.assertEqual((said["samples"], said["images"]), (SAMPLES, len(self.images)))
        own = estimate(lambda generator: importance_weighted(self.model, self.images, self.labels, generator))
        self.compare("log p", own, said["value"], self.exact["nats"])
        self.assertLess(own.tolerance, 1, "a prior left out would not be noticed")
        for term, value in self.said["test"].items():
            self.assertAlmostEqual(self.said["binarised"][term], value, delta=1e-9)


class ShippedVaeLikelihood(Likelihood, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.measure(shipped_vae(), "--samples", SAMPLES)


class ConditionalLikelihood(Likelihood, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        file = cls.train("cvae-likelihood", "--preset", "cvae", "--hidden", "64,32")
        cls.measure(file, "--samples", SAMPLES)


class Restoration(EveryModel):
    """What there is of models of noisy or small images."""

    @staticmethod
    def with_recipe(file, name, **changes):
        """The same network with another word or number in its recipe."""
        header, data = zwei_cli.split_safetensors(file)
        recipe = json.loads(header["__metadata__"]["recipe"]) | changes
        header["__metadata__"]["recipe"] = json.dumps(recipe)
        changed = PLACE.folder / f"{name}.safetensors"
        changed.write_bytes(zwei_cli.join_safetensors(header, data))
        return changed

    def compare_rows(self, name, own, said):
        """The rows of one degraded test set: for each method its figures, or estimates of them."""
        self.assertEqual([row["method"] for row in said["rows"]], list(own))
        for row in said["rows"]:
            print(f"\n  {name}, {row['method']}:", end=" ")
            self.assertEqual("bce" in row, row["method"] == "model")
            self.compare_all(own[row["method"]], row)


class SuperResolution(Restoration):
    """Rows from small images: nothing is drawn."""

    factor, exact = 2, EXACT_FROM_AVERAGES

    @classmethod
    def setUpClass(cls):
        file = PLACE.folder / "superres.safetensors"
        if not file.exists():
            cls.train("superres", "--preset", "superres-2x", "--channels", "8,8")
        cls.measure(cls.with_recipe(file, f"superres-{cls.factor}", factor=cls.factor))

    def test_restoration(self):
        """rows of the input, of Pillow's bicubic and Lanczos filters and of the model agree"""
        small = shrunk(self.clean, self.factor)
        repeated = small.repeat_interleave(self.factor, 1).repeat_interleave(self.factor, 2).flatten(1)
        own = {"input": image_quality(repeated, self.clean),
               "bicubic": image_quality(enlarged(small, Image.Resampling.BICUBIC), self.clean),
               "Lanczos": image_quality(enlarged(small, Image.Resampling.LANCZOS), self.clean),
               "model": self.outputs(None)}
        (said,) = self.said["restorations"]
        self.assertEqual(said["input"], f"{self.factor}x")
        self.compare_rows(said["input"], own, said)


class SuperResolution2x(SuperResolution, unittest.TestCase):
    def test_would_notice(self):
        """the bicubic filter of other programs, with a = -0.75, would be noticed"""
        small = shrunk(self.clean, 2)[:, None]
        other = torch.nn.functional.interpolate(small, scale_factor=2, mode="bicubic")[:, 0]
        wrong = image_quality(other.clamp(0, 255).round().flatten(1), self.clean)
        said = self.said["restorations"][0]["rows"][1]
        for name, figure in wrong.items():
            self.assertGreater(abs(figure.mean() - said[name]), 2 * self.exact[name])


class SuperResolution4x(SuperResolution, unittest.TestCase):
    factor = 4


class Denoiser(Restoration):
    """Rows from noisy images."""

    data, changes, levels, name = "fewer", {}, (), ""

    @classmethod
    def setUpClass(cls):
        file = PLACE.folder / "denoiser.safetensors"
        if not file.exists():
            cls.train("denoiser", "--preset", "denoise", "--channels", "8,8")
        cls.measure(cls.with_recipe(file, cls.name, **cls.changes))

    def rows(self, level, generator):
        """Figures of each image and each row, by the row's name and the figure's."""
        inputs = grey(torch_models.model_input(self.model.recipe, self.images, generator, level))
        rows = {"input": image_quality(inputs, self.clean), "median 3x3": image_quality(medians(inputs), self.clean),
                "model": restored(self.model, inputs, self.clean)}
        return {(row, name): figure for row, figures in rows.items() for name, figure in figures.items()}

    def test_restoration(self):
        """rows of the input, of SciPy's median filter and of the model agree"""
        said = self.said["restorations"]
        self.assertEqual([each["input"] for each in said], [f"{self.name} {level:g}" for level in self.levels])
        for level, each in zip(self.levels, said):
            own = {"input": {}, "median 3x3": {}, "model": {}}
            for (row, name), figure in estimate(lambda generator: self.rows(level, generator)).items():
                own[row][name] = figure
            self.compare_rows(each["input"], own, each)


class GaussianNoise(Denoiser, unittest.TestCase):
    name, levels = "gaussian", (0.3, 0.4, 0.5)


class SaltAndPepper(Denoiser, unittest.TestCase):
    name, levels, changes = "salt-and-pepper", (0.1, 0.3, 0.5), {"noise": "salt-and-pepper"}


class Blocks(Denoiser, unittest.TestCase):
    """Of levels that are not the usual: the least, the middle and the most are measured."""

    name, levels = "blocks", (0.6, 0.7, 0.8)
    changes = {"noise": "blocks", "noise_least": 0.6, "noise_most": 0.8}


class Brightening(Denoiser, unittest.TestCase):
    """Noise that does not vary, so that nothing is drawn: the rows agree exactly."""

    data, name, levels = "few", "gaussian", (0,)
    changes = {"noise_least": 0, "noise_most": 0, "noise_mean": 0.2}

    def test_restoration(self):
        """rows of the input, of SciPy's median filter and of the model agree, but for rounding"""
        (said,) = self.said["restorations"]
        self.assertEqual(said["input"], "gaussian 0, mean 0.2")
        own = {"input": {}, "median 3x3": {}, "model": {}}
        for (row, name), figure in self.rows(0, torch_models.generator_of(1)).items():
            own[row][name] = figure
        self.compare_rows(said["input"], own, said)


if __name__ == "__main__":
    ARGUMENTS = zwei_cli.parse_arguments()
    sys.exit(zwei_cli.run_tests(ARGUMENTS.tests))
