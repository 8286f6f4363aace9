"""A small network as a session, opened for mixtures."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.networks import mobilenet
from workbench.foundation.steps import drain
from workbench.mixed.estimate import Estimate
from workbench.mixed.mixtures import Mixtures
from workbench.mixed.sensitivity import sensitivity
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.project.mixed.mixing import Network, mixtures_of, opened
from workbench.project.session import Session, save_session
from workbench.quantize.schemes import QuantSettings


def made_session(folder: Path, inputs: int = 2, **quant: str) -> Session:
    """A session of a network with two outputs, saved in `folder`/session."""
    folder.mkdir(parents=True, exist_ok=True)
    model = mobilenet(folder / "network.onnx", size=32)
    random = np.random.default_rng(3)
    samples = []
    for number in range(inputs):
        path = folder / f"{number}.npy"
        np.save(path, random.normal(0, 1 + number, (1, 3, 32, 32)).astype(np.float32))
        samples.append(Sample((path,)))
    session = Session(
        model, preprocess={"input": Preprocess()}, samples=tuple(samples[:1]), dataset=tuple(samples),
        quant=replace(QuantSettings(), **quant),
    )  # fmt: skip
    save_session(session, folder / "session")
    return session


def made_network(folder: Path, samples: int = 0) -> Network:
    """The network of `made_session`."""
    return drain(opened(made_session(folder), folder / "session", samples=samples))


def made_mixtures(network: Network) -> Mixtures:
    """Runs of it."""
    return drain(mixtures_of(network))


def made_estimate(network: Network) -> Estimate:
    """What is reckoned of it."""
    found = drain(sensitivity(network.measured, network.feeds, made_mixtures(network)))
    return Estimate(network.graph, network.plan, found)
