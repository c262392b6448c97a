"""The program's own way from evidence to probabilities (src/diagnosis/weigh/posterior.rs), for many weeks at once.

Every number of calibration.toml is a parameter: an intercept for each cause, a weight for each cause and role, and the price
of two causes at once. `Model` holds them, `Weeks` what `backtest --json` says, `posterior` mirrors the program.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from truth import CODES

ROLES = ["main", "before", "quality", "others", "demand", "answering", "outcome", "reasons", "rows", "rival", "note"]
# As in posterior.rs and calibration.rs.
GATE, SPOILT, MOST = 0.8, -1.0, 12.0


def hypotheses(conversion):
    """Nothing, every cause, every pair: tuples of places in CODES."""
    count = len(CODES[conversion])
    return [()] + [(at,) for at in range(count)] + list(combinations(range(count), 2))


def voided(voids, conversion):
    """Codes of one conversion among what a cause makes worthless."""
    return sorted({code for where, code in voids if where == conversion})


@dataclass
class Weeks:
    """Evidence of weeks of one conversion: arrays weeks x causes (x roles)."""

    conversion: str
    features: np.ndarray  # tempered evidence by role
    known: np.ndarray  # whether the cause could be assessed
    explains: np.ndarray
    deficit: np.ndarray
    deviation: np.ndarray
    spoilers: list  # for each week [(conversion, code, features, what it voids)]
    voids: np.ndarray  # weeks x causes x causes of the same conversion

    @classmethod
    def of(cls, rows, conversion):
        codes = CODES[conversion]
        shape = (len(rows), len(codes))
        features, known = np.zeros((*shape, len(ROLES))), np.zeros(shape, bool)
        explains, loss = np.zeros(shape), np.zeros((len(rows), 2))
        voids, spoilers = np.zeros((*shape, len(codes)), bool), []
        for at, row in enumerate(rows):
            loss[at] = row["deficit"]["inquiries"], row["deficit"]["deviation"]
            here = []
            for score in row["scores"]:
                if score["log_odds"] is None:
                    continue
                nats = np.array([score["evidence"].get(role, 0.0) for role in ROLES])
                nats = MOST * np.tanh(nats / MOST)
                if score["voids"]:
                    here.append((score["conversion"], score["code"], nats, score["voids"]))
                if score["conversion"] != conversion:
                    continue
                place = codes.index(score["code"])
                features[at, place], known[at, place] = nats, True
                explains[at, place] = score["explains"]
                for other in voided(score["voids"], conversion):
                    voids[at, place, codes.index(other)] = True
            spoilers.append(here)
        return cls(conversion, features, known, explains, loss[:, 0], loss[:, 1], spoilers, voids)

    def take(self, index):
        arrays = (self.features, self.known, self.explains, self.deficit, self.deviation)
        picked = [values[index] for values in arrays]
        return Weeks(self.conversion, *picked, [self.spoilers[at] for at in index], self.voids[index])


@dataclass
class Model:
    """What calibration.toml holds of one conversion."""

    conversion: str
    intercepts: np.ndarray
    weights: np.ndarray  # causes x roles
    pair: float = -1.0
    alarm: float = 0.5
    incident: tuple = (0.0, 1.0)

    @classmethod
    def start(cls, conversion, weight=0.5):
        count = len(CODES[conversion])
        return cls(conversion, np.full(count, -4.0), np.full((count, len(ROLES)), weight))


def spoilt(weeks, models):
    """weeks x causes: whether a likely cause of either conversion makes the evidence worthless."""
    codes = CODES[weeks.conversion]
    out = np.zeros(weeks.known.shape, bool)
    for at, spoilers in enumerate(weeks.spoilers):
        for conversion, code, nats, voids in spoilers:
            model, place = models[conversion], CODES[conversion].index(code)
            if model.intercepts[place] + model.weights[place] @ nats > np.log(GATE / (1 - GATE)):
                for other in voided(voids, weeks.conversion):
                    out[at, codes.index(other)] = True
    return out


def left_over(weeks, first, second):
    """Share of the second cause's loss that the first leaves to be explained."""
    shared = (first > 0) & (second > 0) & (weeks.deviation > 0)
    share = np.clip((weeks.deficit + weeks.deviation - first) / np.where(shared, second, 1.0), 0, 1)
    return np.where(shared, share, 1.0)


def pair_shares(weeks, odds, evidence):
    """For each pair: (which is first: weeks, share of the second's evidence that counts: weeks)."""
    out = []
    for one, other in combinations(range(odds.shape[1]), 2):
        swapped = odds[:, other] > odds[:, one]
        first = np.where(swapped, weeks.explains[:, other], weeks.explains[:, one])
        second = np.where(swapped, weeks.explains[:, one], weeks.explains[:, other])
        weaker = np.where(swapped, evidence[:, one], evidence[:, other])
        share = np.where(weaker > 0, left_over(weeks, first, second), 1.0)
        out.append((swapped, share))
    return out


def scores(weeks, model, gated):
    """(log weight of each hypothesis: weeks x hypotheses, evidence: weeks x causes, shares of pairs)."""
    evidence = np.einsum("ncr,cr->nc", weeks.features, model.weights)
    evidence = np.where(gated, np.minimum(evidence, SPOILT), evidence)
    odds = model.intercepts + evidence
    shares = pair_shares(weeks, odds, evidence)
    out = [np.zeros(len(odds))] + [np.where(weeks.known[:, at], odds[:, at], -np.inf) for at in range(odds.shape[1])]
    for (one, other), (swapped, share) in zip(combinations(range(odds.shape[1]), 2), shares):
        first, second = np.where(swapped, other, one), np.where(swapped, one, other)
        here = np.arange(len(odds))
        value = odds[here, first] + model.intercepts[second] + share * evidence[here, second] + model.pair
        barred = weeks.voids[:, one, other] | weeks.voids[:, other, one]
        possible = weeks.known[:, one] & weeks.known[:, other] & ~barred
        out.append(np.where(possible, value, -np.inf))
    return np.stack(out, 1), evidence, shares


def softmax(values):
    values = np.exp(values - values.max(1, keepdims=True))
    return values / values.sum(1, keepdims=True)


def posterior(weeks, models):
    """(probability of an incident: weeks, probability of each cause: weeks x causes)."""
    model = models[weeks.conversion]
    shares = softmax(scores(weeks, model, spoilt(weeks, models))[0])
    codes, members = CODES[weeks.conversion], hypotheses(weeks.conversion)
    season = codes.index("seasonality") if "seasonality" in codes else -1
    holds = np.array([[at in hypothesis for at in range(len(codes))] for hypothesis in members], float)
    happened = np.array([any(at != season for at in hypothesis) for hypothesis in members], float)
    raw = np.clip(shares @ happened, 1e-12, 1 - 1e-12)
    intercept, slope = model.incident
    sure = 1 / (1 + np.exp(-(intercept + slope * np.log(raw / (1 - raw)))))
    causes = shares @ holds
    scale = np.where(np.arange(len(codes))[None, :] == season, 1.0, (sure / raw)[:, None])
    return sure, np.minimum(causes * scale, 1.0)
