"""Random streams: one named stream for each source, and in each stream one number for each order.

A number is a hash of seed, replication, source and order, so it does not depend on other draws: all variants have the same
orders with the same draws (common random numbers). Draws use whole-number arithmetic only, and every duration is read from a
table of whole milliseconds, so the same experiment gives the same log on every machine and in every process.
"""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from orders.log.arrays import IntArray
from orders.log.calendar import TICK

Bits = NDArray[np.uint64]

TABLE_STEPS = 4096
TAIL = math.exp(-2)
"""Share of the probability of a table's last step at which it is cut; it makes the mean of an exponential tail correct."""

_WEYL, _MIX_1, _MIX_2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True, slots=True)
class RandomStreams:
    """All random number streams of one replication."""

    seed: int
    replication: int

    def random_bits(self, source: str, index: IntArray) -> Bits:
        """Compute 64 random bits of *source* for each number of *index* (SplitMix64 of Steele, Lea and Flood)."""
        digest = hashlib.sha256(f"{self.seed}/{self.replication}/{source}".encode()).digest()
        z = np.uint64(int.from_bytes(digest[:8], "little")) + (index.astype(np.uint64) + np.uint64(1)) * _WEYL
        z = (z ^ (z >> np.uint64(30))) * _MIX_1
        z = (z ^ (z >> np.uint64(27))) * _MIX_2
        return z ^ (z >> np.uint64(31))

    def bernoulli(self, source: str, index: IntArray, share: float) -> NDArray[np.bool_]:
        """Draw for each number of *index* whether something with probability *share* happens."""
        return (self.random_bits(source, index) >> np.uint64(11)) < np.uint64(round(share * 2**53))

    def pick(self, source: str, index: IntArray, weights: Sequence[float]) -> IntArray:
        """Draw positions in *weights*, with probabilities in proportion to them."""
        total = math.fsum(weights)
        ends = np.array([round(math.fsum(weights[: k + 1]) / total * 2**53) for k in range(len(weights))], dtype=np.uint64)
        return np.searchsorted(ends, self.random_bits(source, index) >> np.uint64(11), side="right").astype(np.int64)

    def below(self, source: str, index: IntArray, bounds: IntArray) -> IntArray:
        """Draw whole numbers from 0 to less than each of *bounds*, which are below 2**31."""
        return ((self.random_bits(source, index) >> np.uint64(32)) * bounds.astype(np.uint64) >> np.uint64(32)).astype(np.int64)

    def sample(self, source: str, index: IntArray, inverse_table: IntArray) -> IntArray:
        """Draw values from *inverse_table*, with linear interpolation."""
        random_bits = self.random_bits(source, index)
        step = (random_bits >> np.uint64(52)).astype(np.int64)
        part = (random_bits >> np.uint64(20)).astype(np.int64) & 0xFFFFFFFF
        low = inverse_table[step]
        return low + ((inverse_table[step + 1] - low) * part >> 32)

    def sample_duration(self, source: str, index: IntArray, inverse_table: IntArray) -> IntArray:
        """Draw as `sample` does, rounded down to ticks, at least one tick."""
        return np.maximum(self.sample(source, index, inverse_table) // TICK * TICK, TICK)


def inverse_table(quantile: Callable[[float], float], unit: float) -> IntArray:
    """Tabulate the quantile function of a distribution as `TABLE_STEPS` + 1 whole numbers of *unit*; the extreme ends are cut."""
    at = [TAIL / TABLE_STEPS, *(k / TABLE_STEPS for k in range(1, TABLE_STEPS)), 1 - TAIL / TABLE_STEPS]
    return np.array([round(quantile(p) * unit) for p in at], dtype=np.int64)


@lru_cache(maxsize=256)
def lognormal(median: float, sigma: float, unit: float) -> IntArray:
    """Tabulate log-normal times with a *median*."""
    normal = NormalDist()
    return inverse_table(lambda p: median * math.exp(sigma * normal.inv_cdf(p)), unit)


@lru_cache(maxsize=256)
def exponential(mean: float, unit: float) -> IntArray:
    """Tabulate exponential times with a *mean*."""
    return inverse_table(lambda p: -mean * math.log1p(-p), unit)


@lru_cache(maxsize=256)
def triangular(low: float, likely: float, high: float, unit: float) -> IntArray:
    """Tabulate triangular times between *low* and *high*, with the mode *likely*."""
    width = high - low

    def quantile(p: float) -> float:
        if p * width < likely - low:
            return low + math.sqrt(p * width * (likely - low))
        return high - math.sqrt((1 - p) * width * (high - likely))

    return inverse_table(quantile, unit)
