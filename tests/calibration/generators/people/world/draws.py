"""Randomness: streams of draws and what is drawn from them."""
import numpy as np

from world.clock import HOUR
from world.profiles import HOURS


def stream(seed, *purpose):
    """An own stream for each purpose, so that one draw more in one place moves nothing elsewhere."""
    hashed = 0
    for word in purpose:
        for byte in str(word).encode():
            hashed = (hashed * 131 + byte) % (2**31 - 1)
    return np.random.default_rng([seed, hashed])


def pick(rng, choices, chances=None):
    return choices[int(rng.choice(len(choices), p=chances))]


def pick_weighted(rng, choices, weights):
    """Weights need not add up to one, and may all be nought."""
    weights = np.array(weights, float) + 1e-9
    return choices[int(rng.choice(len(choices), p=weights / weights.sum()))]


def by_shares(shares, uniform):
    """Indices of shares that add up to one, by uniform draws."""
    return np.searchsorted(np.cumsum(shares), uniform * .9999)


def drift(rng, days, memory, spread):
    """An Ornstein-Uhlenbeck path of one value a day, with mean nought."""
    keep = np.exp(-1 / memory)
    shocks = rng.normal(0, spread * np.sqrt(1 - keep * keep), days)
    path = np.empty(days)
    value = rng.normal(0, spread)
    for day in range(days):
        value = keep * value + shocks[day]
        path[day] = value
    return path - path.mean()


def times_of_day(rng, profile, count):
    """Seconds since midnight by a profile of hours."""
    cumulated = np.cumsum(HOURS[profile])
    hours = np.searchsorted(cumulated / cumulated[-1], rng.random(count))
    return (hours + rng.random(count)) * HOUR


def polynomial(coefficients, x):
    value = coefficients[0]
    for coefficient in coefficients[1:]:
        value = value * x + coefficient
    return value


def normal_of(uniform):
    """Inverse of the normal distribution (Acklam)."""
    p = np.clip(uniform, 1e-9, 1 - 1e-9)
    a = [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239]
    b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1]
    c = [-.007784894002430293, -.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783]
    d = [.007784695709041462, .3224671290700398, 2.445134137142996, 3.754408661907416, 1]
    q = p - .5
    middle = polynomial(a, q * q) * q / polynomial(b, q * q)
    s = np.sqrt(-2 * np.log(np.minimum(p, 1 - p)))
    tail = polynomial(c, s) / polynomial(d, s)
    return np.where(np.abs(q) < .47575, middle, np.where(q < 0, tail, -tail))
