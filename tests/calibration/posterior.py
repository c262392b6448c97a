"""The program's own way from evidence to probabilities (src/diagnosis/posterior.rs), for many weeks at once.

The weight of a hypothesis is linear in the parameters once it is known which evidence is gated and which of two causes
comes first, so that it can be fitted: `features` gives the coefficients, `Parameters.vector` what they multiply.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from incidents import CODES

COUNT = len(CODES)
# Index of the code in CODES for each hypothesis: nothing, every cause, every pair.
HYPOTHESES = [()] + [(index,) for index in range(COUNT)] + list(combinations(range(COUNT), 2))
MEMBERS = np.array([[code in hypothesis for code in range(COUNT)] for hypothesis in HYPOTHESES], float)
# As in posterior.rs.
FARTHEST, LOSS_ERROR, GATE, SPOILT, MOST = 3.0, 0.2, 0.8, -1.0, 12.0
# Evidence beyond this is cut, in nats: the exponent of the fit must not be carried by one absurd week.
LIMIT = 40.0


@dataclass
class Evidence:
    """What backtest says of weeks: arrays of weeks x causes, NaN where a cause cannot be assessed."""

    log_odds: np.ndarray
    explains: np.ndarray
    voids: np.ndarray  # weeks x causes x causes: the first takes the evidence away from the second
    deficit: np.ndarray
    deviation: np.ndarray

    @classmethod
    def of(cls, rows):
        log_odds, explains = np.full((len(rows), COUNT), np.nan), np.zeros((len(rows), COUNT))
        voids, loss = np.zeros((len(rows), COUNT, COUNT), bool), np.zeros((len(rows), 2))
        for at, row in enumerate(rows):
            deficit = row.get("deficit") or {}
            loss[at] = deficit.get("inquiries") or 0.0, deficit.get("deviation") or 0.0
            for code, score in (row.get("scores") or {}).items():
                if code in CODES and score.get("log_odds") is not None:
                    index = CODES.index(code)
                    value = np.clip(score["log_odds"], -LIMIT, LIMIT)
                    log_odds[at, index] = value if value < 0 else MOST * np.tanh(value / MOST)
                    explains[at, index] = score.get("explains") or 0.0
                    for other in score.get("voids") or []:
                        voids[at, index, CODES.index(other)] = True
        return cls(log_odds, explains, voids, loss[:, 0], loss[:, 1])

    def take(self, index):
        return Evidence(
            *(values[index] for values in (self.log_odds, self.explains, self.voids, self.deficit, self.deviation))
        )


@dataclass
class Parameters:
    """What calibration.toml holds."""

    intercepts: np.ndarray
    slopes: np.ndarray
    magnitude: float = 0.5
    pair: float = -1.0
    alarm: float = 0.5
    incident: tuple = (0.0, 1.0)  # intercept and slope of the line that the log odds of any incident are put on

    @classmethod
    def start(cls):
        return cls(np.full(COUNT, -4.0), np.full(COUNT, 0.8))

    @property
    def vector(self):
        return np.concatenate([self.intercepts, self.slopes, [self.magnitude, self.pair]])

    @classmethod
    def from_vector(cls, vector):
        """Within what the program accepts: rising lines, causes that are rarer than nothing."""
        intercepts, slopes = np.minimum(vector[:COUNT], -0.05), np.clip(vector[COUNT : 2 * COUNT], 0.05, 2.0)
        return cls(intercepts, slopes, float(np.clip(vector[-2], 0.0, 2.0)), float(min(vector[-1], 0.0)))


def _gated(evidence, parameters):
    lines = parameters.intercepts + parameters.slopes * evidence.log_odds
    sure = np.nan_to_num(1 / (1 + np.exp(-lines)))
    spoilt = (evidence.voids * sure[:, :, None]).max(1) > GATE
    return np.where(spoilt, np.minimum(evidence.log_odds, SPOILT), evidence.log_odds)


def _magnitude(evidence, explained):
    """Log density of the deficit when so much of it is explained."""
    known = evidence.deviation > 0
    spread = np.hypot(np.where(known, evidence.deviation, 1.0), LOSS_ERROR * explained)
    z = np.clip((evidence.deficit - explained) / spread, -FARTHEST, FARTHEST)
    return np.where(known, -0.5 * z * z, 0.0)


def _left_over(evidence, first, second):
    """Share of the second cause's loss that the first leaves to be explained."""
    shared = (first > 0) & (second > 0) & (evidence.deviation > 0)
    share = np.clip((evidence.deficit + evidence.deviation - first) / np.where(shared, second, 1.0), 0, 1)
    return np.where(shared, share, 1.0)


def features(evidence, parameters):
    """(coefficients: weeks x hypotheses x parameters, which hypotheses are possible: weeks x hypotheses)."""
    used = _gated(evidence, parameters)
    lines = np.nan_to_num(parameters.intercepts + parameters.slopes * used, nan=-np.inf)
    known, value = ~np.isnan(used), np.nan_to_num(used)
    out = np.zeros((len(value), len(HYPOTHESES), 2 * COUNT + 2))
    possible = np.ones((len(value), len(HYPOTHESES)), bool)
    out[:, 0, -2] = _magnitude(evidence, np.zeros(len(value)))
    for at, members in enumerate(HYPOTHESES):
        for code in members:
            possible[:, at] &= known[:, code]
            out[:, at, code] = 1
            out[:, at, COUNT + code] = value[:, code]
        if members:
            out[:, at, -2] = _magnitude(evidence, evidence.explains[:, list(members)].sum(1))
        if len(members) == 2:
            left, right = members
            possible[:, at] &= ~(evidence.voids[:, left, right] | evidence.voids[:, right, left])
            out[:, at, -1] = 1
            swapped = lines[:, left] < lines[:, right]
            for first, last, here in ((left, right, ~swapped), (right, left, swapped)):
                share = _left_over(evidence, evidence.explains[:, first], evidence.explains[:, last])
                reduced = np.where(
                    value[:, last] <= SPOILT, value[:, last], share * value[:, last] + (1 - share) * SPOILT
                )
                out[here, at, COUNT + last] = reduced[here]
    return out, possible


def softmax(coefficients, possible, vector):
    """Probabilities of the hypotheses: weeks x hypotheses."""
    weights = np.where(possible, coefficients @ vector, -np.inf)
    weights = np.exp(weights - weights.max(1, keepdims=True))
    return weights / weights.sum(1, keepdims=True)


def probabilities(evidence, parameters):
    """(probability of any incident by week, probability of each cause: weeks x causes)."""
    shares = softmax(*features(evidence, parameters), parameters.vector)
    raw = np.clip(1 - shares[:, 0], 1e-12, 1 - 1e-12)
    intercept, slope = parameters.incident
    sure = 1 / (1 + np.exp(-(intercept + slope * np.log(raw / (1 - raw)))))
    return sure, (shares @ MEMBERS) * (sure / raw)[:, None]
