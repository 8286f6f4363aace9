"""Draws the demo's pictures, trains the demo network on more such pictures and writes both beside this file.

`python resources/demo/train.py` needs torch, onnx, numpy and OpenCV. The workbench needs no torch: it opens the result.
Every seed is fixed; the weights come out the same again on the same torch build and kind of processor.

Two things that make trained networks hard to quantize are set on purpose after training, see `make_it_hard`. Both are
changes of units between layers, undone by the next weights: the float network computes the same before and after.
"""

import warnings
from pathlib import Path

import cv2
import numpy as np
import onnx
import torch
from torch import Tensor, nn

HERE = Path(__file__).parent
SIZE = 64
MEAN, STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
RED, BLUE, YELLOW, GREEN, WHITE = (200, 30, 40), (35, 50, 195), (225, 185, 30), (40, 150, 60), (235, 235, 235)
# name, outline, colour, mark; four of the five pairs differ in red and blue only
CLASSES = (
    ("no_entry", "disc", RED, "bar"),
    ("one_way", "disc", BLUE, "bar"),
    ("prohibition", "disc", RED, "field"),
    ("cycle_route", "disc", BLUE, "field"),
    ("warning", "triangle", RED, "field"),
    ("crossing", "triangle", BLUE, "field"),
    ("stop", "octagon", RED, "bar"),
    ("hospital", "octagon", BLUE, "bar"),
    ("priority_road", "diamond", YELLOW, "field"),
    ("emergency_exit", "square", GREEN, "bar"),
)
# corners, and the direction of the first one in half turns
OUTLINES = {"disc": (48, 0.0), "triangle": (3, -0.5), "octagon": (8, 0.125), "diamond": (4, 0.0), "square": (4, 0.25)}
BAR = np.array([(-0.6, -0.16), (0.6, -0.16), (0.6, 0.16), (-0.6, 0.16)])
TRAINING, CALIBRATION, LABELLED = 6000, 64, 200
EPOCHS, BATCH, LEARNING_RATE = 10, 50, 4e-3
SHAPES, ENERGIES = 48, 4  # channels of the two branches
LOUD_FILTERS, LOUDNESS = 2, 64  # in each of the first two blocks
ENERGY_UNIT = 3.5


# Pictures


def draw_picture(rng: np.random.Generator, label: int) -> np.ndarray:
    """One RGB picture (SIZE x SIZE x 3, uint8) with the sign of a class before a cluttered background."""
    canvas = _background(rng)
    _draw_clutter(rng, canvas, count=8)
    _draw_sign(rng, canvas, label)
    _draw_clutter(rng, canvas, count=1)
    return _photograph(rng, canvas)


def draw_pictures(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """`count` pictures and their labels, every class equally often."""
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(count) % len(CLASSES))
    return np.stack([draw_picture(rng, int(label)) for label in labels]), labels


def _background(rng: np.random.Generator) -> np.ndarray:
    """A blotchy field of random colours, at twice the final size so that edges come out smooth."""
    coarse = rng.integers(30, 225, (4, 4, 3)).astype(np.uint8)
    return cv2.resize(coarse, (2 * SIZE, 2 * SIZE), interpolation=cv2.INTER_CUBIC)


def _draw_clutter(rng: np.random.Generator, canvas: np.ndarray, count: int) -> None:
    """Bars and blobs of any colour: some look like a sign, the last one may cover a part of it."""
    for _ in range(count):
        colour = tuple(int(value) for value in rng.integers(20, 235, 3))
        start, end = (tuple(int(value) for value in rng.integers(0, 2 * SIZE, 2)) for _ in range(2))
        if rng.random() < 0.6:
            cv2.line(canvas, start, end, colour, int(rng.integers(2, 9)), cv2.LINE_AA)
        else:
            cv2.circle(canvas, start, int(rng.integers(4, 16)), colour, -1, cv2.LINE_AA)


def _draw_sign(rng: np.random.Generator, canvas: np.ndarray, label: int) -> None:
    _, outline, colour, mark = CLASSES[label]
    radius = rng.uniform(0.48, 0.8) * SIZE
    centre = SIZE + rng.uniform(-1, 1, 2) * (SIZE - 0.9 * radius)
    turn = rng.uniform(-0.2, 0.2)
    tint = np.clip(np.array(colour) + rng.integers(-25, 26, 3), 0, 255)
    _fill(canvas, _outline(outline, turn) * radius + centre, tint)
    if mark == "field":
        _fill(canvas, _outline(outline, turn) * radius * 0.62 + centre, np.array(WHITE))
    else:
        _fill(canvas, _turned(BAR, turn) * radius + centre, np.array(WHITE))


def _outline(outline: str, turn: float) -> np.ndarray:
    """Corners of a sign's outline around the origin, of radius 1."""
    corners, first = OUTLINES[outline]
    angles = np.pi * (first + 2 * np.arange(corners) / corners)
    return _turned(np.stack([np.cos(angles), np.sin(angles)], 1), turn)


def _turned(points: np.ndarray, turn: float) -> np.ndarray:
    return points @ np.array([(np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))])


def _fill(canvas: np.ndarray, points: np.ndarray, colour: np.ndarray) -> None:
    cv2.fillPoly(canvas, [np.rint(points).astype(np.int32)], tuple(int(value) for value in colour), cv2.LINE_AA)


def _photograph(rng: np.random.Generator, canvas: np.ndarray) -> np.ndarray:
    """Light, a slight cast of colour, blur and sensor noise."""
    picture = cv2.resize(canvas, (SIZE, SIZE), interpolation=cv2.INTER_AREA).astype(np.float32)
    if rng.random() < 0.4:
        picture = cv2.GaussianBlur(picture, (3, 3), 0.8)
    slope = np.linspace(-1, 1, SIZE, dtype=np.float32)[:, None, None] * rng.uniform(-0.25, 0.25)
    light = rng.uniform(0.55, 1.2) * (1 + slope) * rng.uniform(0.9, 1.1, 3)
    noise = rng.normal(0, rng.uniform(2, 10), picture.shape)
    return np.clip(np.rint(picture * light + noise), 0, 255).astype(np.uint8)


# Network


class ConvBlock(nn.Module):
    """Convolution, BatchNormalization, activation."""

    def __init__(
        self, channels: tuple[int, int], kernel: int, act: nn.Module, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(*channels, kernel, stride, kernel // 2, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(channels[1])
        self.act = act

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.bn(self.conv(x)))


class InvertedResidual(nn.Module):
    """Widen, filter each channel, narrow; with a shortcut where the shapes allow it."""

    def __init__(self, inputs: int, outputs: int, stride: int, act: type[nn.Module]) -> None:
        super().__init__()
        wide = 4 * inputs
        self.expand = ConvBlock((inputs, wide), 1, act())
        self.depthwise = ConvBlock((wide, wide), 3, act(), stride, wide)
        self.project = ConvBlock((wide, outputs), 1, nn.Identity())
        self.shortcut = inputs == outputs and stride == 1

    def forward(self, x: Tensor) -> Tensor:
        y = self.project(self.depthwise(self.expand(x)))
        return x + y if self.shortcut else y


class Energy(nn.Module):
    """Squared filter responses: how much of each colour and edge there is, whatever its sign."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.filter = ConvBlock((inputs, outputs), 3, nn.Identity(), 2)

    def forward(self, x: Tensor) -> Tensor:
        y = self.filter(x)
        return y * y


class DemoNet(nn.Module):
    """Scores between 0 and 1 for every class of a 1x3x64x64 picture."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = ConvBlock((3, 16), 3, nn.ReLU6(), 2)
        self.block1 = InvertedResidual(16, 24, 2, nn.ReLU)
        self.block2 = InvertedResidual(24, 24, 1, nn.ReLU)
        self.block3 = InvertedResidual(24, 32, 2, nn.ReLU6)
        self.block4 = InvertedResidual(32, 32, 1, nn.SiLU)
        self.shape = ConvBlock((32, SHAPES), 3, nn.SiLU(), 2)
        self.energy = Energy(32, ENERGIES)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(SHAPES + ENERGIES, len(CLASSES))
        self.scores = nn.Sigmoid()

    def logits(self, x: Tensor) -> Tensor:
        x = self.block4(self.block3(self.block2(self.block1(self.stem(x)))))
        x = torch.cat([self.shape(x), self.energy(x)], 1)
        return self.classifier(torch.flatten(self.pool(x), 1))

    def forward(self, x: Tensor) -> Tensor:
        return self.scores(self.logits(x))


def train(network: DemoNet) -> None:
    """Every epoch sees new pictures, so there is nothing to learn by heart."""
    optimiser = torch.optim.AdamW(network.parameters(), weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, EPOCHS * (TRAINING // BATCH))
    network.train()
    for epoch in range(EPOCHS):
        pictures, labels = draw_pictures(seed=100 + epoch, count=TRAINING)
        total = 0.0
        for chosen in torch.randperm(TRAINING).split(BATCH):
            targets = nn.functional.one_hot(torch.from_numpy(labels[chosen]), len(CLASSES)).float()
            logits = network.logits(normalised(pictures[chosen]))
            loss = nn.functional.binary_cross_entropy_with_logits(logits, targets)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        print(f"epoch {epoch + 1}: mean loss {total / (TRAINING // BATCH):.4f}", flush=True)
    network.eval()


def normalised(pictures: np.ndarray) -> Tensor:
    x = (pictures.astype(np.float64) - MEAN) / STD
    return torch.from_numpy(x.transpose(0, 3, 1, 2).astype(np.float32))


@torch.no_grad()
def make_it_hard(network: DemoNet) -> None:
    """Changes units between layers without changing what the network computes.

    Some channels of the first two blocks get small before the depthwise filter, and that filter large in return: what
    folding a BatchNormalization with a small variance does in real networks. ReLU lets any positive factor through.
    The energies are measured in a smaller unit, so that they get as large as pixel coordinates do in detectors.
    """
    for block in (network.block1, network.block2):
        importance = block.project.conv.weight.abs().sum((0, 2, 3)) * block.depthwise.bn.weight.abs()
        for channel in importance.argsort()[:LOUD_FILTERS]:
            block.expand.bn.weight[channel] /= LOUDNESS
            block.expand.bn.bias[channel] /= LOUDNESS
            block.depthwise.conv.weight[channel] *= LOUDNESS
    network.energy.filter.bn.weight *= ENERGY_UNIT
    network.energy.filter.bn.bias *= ENERGY_UNIT
    network.classifier.weight[:, SHAPES:] /= ENERGY_UNIT**2


def accuracy(network: DemoNet, pictures: np.ndarray, labels: np.ndarray) -> float:
    with torch.no_grad():
        return float((network(normalised(pictures)).argmax(1).numpy() == labels).mean())


# Files


def write_network(network: DemoNet, path: Path) -> None:
    picture = torch.zeros(1, 3, SIZE, SIZE)
    names = {"input_names": ["image"], "output_names": ["scores"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the newer exporter needs one more package
        torch.onnx.export(network, (picture,), path, opset_version=13, dynamo=False, **names)
    onnx.checker.check_model(onnx.load(path), full_check=True)


def write_pictures(folder: Path, pictures: np.ndarray) -> list[str]:
    """Writes 000.png ... and gives the file names."""
    folder.mkdir(exist_ok=True)
    names = [f"{number:03d}.png" for number in range(len(pictures))]
    for name, picture in zip(names, pictures, strict=True):
        cv2.imwrite(str(folder / name), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return names


def write_lists(calibration: list[str], labelled: list[str], labels: np.ndarray) -> None:
    names = [name for name, *_ in CLASSES]
    lines = [f"{file} {names[label]}" for file, label in zip(labelled, labels, strict=True)]
    (HERE / "classes.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
    (HERE / "labelled" / "labels.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (HERE / "dataset.txt").write_text("".join(f"calibration/{name}\n" for name in calibration), encoding="utf-8")


def main() -> None:
    torch.manual_seed(0)
    torch.set_num_threads(2)
    torch.use_deterministic_algorithms(True)
    calibration, _ = draw_pictures(seed=2, count=CALIBRATION)
    pictures, labels = draw_pictures(seed=3, count=LABELLED)
    write_lists(write_pictures(HERE / "calibration", calibration), write_pictures(HERE / "labelled", pictures), labels)
    network = DemoNet()
    train(network)
    make_it_hard(network)
    write_network(network, HERE / "demo.onnx")
    for order, images in (("RGB", pictures), ("BGR", pictures[..., ::-1])):
        print(f"top-1 of the labelled pictures in {order}: {accuracy(network, images, labels):.1%}")


if __name__ == "__main__":
    main()
