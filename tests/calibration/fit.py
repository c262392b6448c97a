"""Calibrates the diagnosis: from evidence scores (nats) to probabilities, fitted on labelled weeks.

P(h) is proportional to exp(a_h + b_h * score_h), `none` to 1; causes without a score are out. Intercepts and slopes are
the penalised maximum likelihood (Newton); slopes are drawn to a common slope, which plays the part of the temperature.
"""

import numpy as np

from incidents import CODES

LIMIT = 30.0  # scores are cut here, in nats
SLOPE_RIDGE, COMMON_RIDGE, INTERCEPT_RIDGE = 4.0, 0.5, 0.02


def scores_of(row):
    """Scores of one backtest line in the order of CODES; NaN where a cause cannot be assessed."""
    told = row.get("scores", {})

    def value(code):
        return told[code]["log_odds"] if isinstance(told.get(code), dict) else told.get(code)

    return np.array([np.nan if value(code) is None else float(np.clip(value(code), -LIMIT, LIMIT)) for code in CODES])


def targets_of(week):
    """Wanted probabilities of (none, causes…), and whether they are only the answers that would do.

    Where several incidents lie in the week each is a right first answer; in a week of faint holidays `none` is one, too.
    """
    out = np.zeros(len(CODES) + 1)
    if week.required:
        for code in week.allowed:
            out[1 + CODES.index(code)] = 1 / len(week.allowed)
        return out, len(week.allowed) > 1
    out[0] = 1.0
    for code in week.allowed | ({"seasonality"} if week.festive else set()):
        out[1 + CODES.index(code)] = 1.0
    return out / out.sum(), out.sum() > 1


class Model:
    """Fitted intercepts and slopes; `threshold` is the least probability of any incident at which an alarm is raised."""

    def __init__(self, intercepts, slopes, threshold=0.5):
        self.intercepts, self.slopes, self.threshold = intercepts, slopes, threshold

    def probabilities(self, scores):
        """Rows of (none, causes…)."""
        return _softmax(np.where(np.isnan(scores), -np.inf, self.intercepts + self.slopes * np.nan_to_num(scores)))

    def predict(self, period, scores):
        """A prediction as `evaluate` takes it."""
        p = self.probabilities(scores[None, :])[0]
        return {
            "period": period,
            "probabilities": {code: float(value) for code, value in zip(CODES, p[1:])},
            "alarm": bool(1 - p[0] >= self.threshold),
        }


def _softmax(logits):
    full = np.column_stack([np.zeros(len(logits)), logits])
    full = np.exp(full - full.max(1, keepdims=True))
    return full / full.sum(1, keepdims=True)


def fit(scores, targets, open_ends, rounds=8):
    """The model of scores (weeks x causes, NaN absent) and wanted probabilities.

    Rows of `open_ends` have several right answers: their label is shared as the model itself sees it, by
    expectation-maximisation of the probability that any of them is given.
    """
    scores, targets, open_ends = _assessable(scores, targets, open_ends)
    weights, wanted, model = np.ones(len(scores)), targets, None
    for _ in range(rounds if open_ends.any() else 1):
        model = _newton(scores, wanted, weights)
        likely = model.probabilities(scores) * (targets > 0)
        wanted = np.where(open_ends[:, None], likely / np.maximum(likely.sum(1, keepdims=True), 1e-300), targets)
    return model


def _newton(scores, targets, weights, steps=60):
    count, size = scores.shape[1], 2 * scores.shape[1] + 1
    value = np.nan_to_num(scores)
    theta = np.concatenate([np.full(count, -3.0), np.full(count, 0.7), [0.7]])
    prior = _prior(count)
    centre = np.concatenate([np.full(count, -3.0), np.zeros(count), [0.7]])

    def cost(t):
        return _loss(t, scores, targets, weights, prior, centre)

    now = cost(theta)
    for _ in range(steps):
        p = Model(theta[:count], theta[count:-1]).probabilities(scores)[:, 1:]
        error = weights[:, None] * (p - targets[:, 1:])
        gradient = np.concatenate([error.sum(0), (error * value).sum(0), [0.0]]) + prior @ (theta - centre)
        curve = np.zeros((size, size))
        for first in range(2):
            for second in range(2):
                left = p * (value if first else 1)
                right = p * (value if second else 1)
                block = -(left * weights[:, None]).T @ right
                block[np.diag_indices(count)] += (
                    weights[:, None] * p * (value if first else 1) * (value if second else 1)
                ).sum(0)
                curve[first * count : (first + 1) * count, second * count : (second + 1) * count] = block
        step = np.linalg.solve(curve + prior + 1e-6 * np.eye(size), gradient)
        scale = 1.0
        while scale > 1e-6 and cost(theta - scale * step) > now:
            scale /= 2
        theta, before, now = theta - scale * step, now, cost(theta - scale * step)
        if before - now < 1e-9:
            break
    return Model(theta[:count], theta[count:-1])


def _prior(count):
    """Quadratic penalties: each slope to the common one, that to its centre, intercepts weakly to theirs."""
    out = np.zeros((2 * count + 1, 2 * count + 1))
    for index in range(count):
        out[index, index] = INTERCEPT_RIDGE
        slope = count + index
        out[slope, slope] += SLOPE_RIDGE
        out[-1, -1] += SLOPE_RIDGE
        out[slope, -1] -= SLOPE_RIDGE
        out[-1, slope] -= SLOPE_RIDGE
    out[-1, -1] += COMMON_RIDGE
    return out


def _loss(theta, scores, targets, weights, prior, centre):
    count = scores.shape[1]
    p = Model(theta[:count], theta[count:-1]).probabilities(scores)
    away = theta - centre
    return -(weights[:, None] * targets * np.log(np.maximum(p, 1e-12))).sum() + 0.5 * away @ prior @ away


def _assessable(scores, targets, open_ends):
    """Labels whose cause has no score cannot be learnt: the other labels take over, or the week is left out."""
    possible = np.column_stack([np.ones(len(scores), bool), ~np.isnan(scores)])
    targets = targets * possible
    total = targets.sum(1)
    keep = total > 0
    return scores[keep], targets[keep] / total[keep, None], open_ends[keep]


def choose_threshold(model, scores, nulls, wanted=0.02):
    """Sets the threshold so that at most the wanted share of null weeks raises an alarm; never below .2."""
    quiet = np.sort(1 - model.probabilities(scores[nulls])[:, 0]) if nulls.any() else np.array([0.0])
    allowed = int(np.floor(wanted * len(quiet)))
    model.threshold = float(max(0.2, quiet[len(quiet) - 1 - allowed] + 1e-6))
    return model


def fit_weeks(weeks, rows):
    """The model of weeks and their backtest lines; weeks that hold faint incidents only have no plain answer."""
    judged = [index for index, week in enumerate(weeks) if week.judged]
    weeks, rows = [weeks[index] for index in judged], [rows[index] for index in judged]
    scores = np.array([scores_of(row) for row in rows])
    wanted = [targets_of(week) for week in weeks]
    model = fit(scores, np.array([t for t, _ in wanted]), np.array([o for _, o in wanted]))
    return choose_threshold(model, scores, np.array([week.null for week in weeks]))


def held_out(weeks, rows, folds=5):
    """Predictions of every week by a model that has not seen its firm."""
    firms = sorted({week.firm for week in weeks})
    folds = min(folds, len(firms))
    fold = {firm: index % folds for index, firm in enumerate(firms)}
    out = [None] * len(weeks)
    for number in range(folds):
        train = [i for i, week in enumerate(weeks) if fold[week.firm] != number] or list(range(len(weeks)))
        model = fit_weeks([weeks[i] for i in train], [rows[i] for i in train])
        for i, week in enumerate(weeks):
            if fold[week.firm] == number:
                out[i] = model.predict(week.period, scores_of(rows[i]))
    return out


def as_toml(model, firms, weeks, seed):
    """calibration.toml."""
    lines = [
        "# Written by tests/calibration/run --fit. P(cause) is proportional to exp(intercept + slope * score), none to 1.",
        "version = 1",
        f"threshold = {model.threshold:.4f}",
        "",
        "[fitted]",
        f"firms = {firms}",
        f"weeks = {weeks}",
        f"seed = {seed}",
        "",
        "[intercepts]",
    ]
    lines += [f"{code} = {value:.4f}" for code, value in zip(CODES, model.intercepts)]
    lines += ["", "[slopes]"] + [f"{code} = {value:.4f}" for code, value in zip(CODES, model.slopes)]
    return "\n".join(lines) + "\n"
