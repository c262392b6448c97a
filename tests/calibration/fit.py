"""Calibrates the diagnosis: the lines that turn evidence into weights, by maximum likelihood on labelled weeks.

The likelihood of a week is the probability of all hypotheses that would be right: nothing in a null week; the visible
incident, with or without a faint one beside it; where two are visible, both of them. Slopes are drawn to a common slope, which
plays the part of a temperature.
"""

import numpy as np

from incidents import CODES
from posterior import (
    COUNT,
    HYPOTHESES,
    Evidence,
    Parameters,
    features,
    probabilities,
    softmax,
)

SLOPE_RIDGE, INTERCEPT_RIDGE = 4.0, 0.02
CENTRE_SLOPE, CENTRE_INTERCEPT = 0.7, -4.0
FALSE_ALARMS = 0.02  # of null weeks, at most; the threshold is chosen so


def right_hypotheses(week):
    """Of a judged week: 2 for hypotheses that are right, 1 for those that will do where none of them is possible."""
    true = {CODES.index(code) for code in week.allowed}
    if not week.required:
        season = {(CODES.index("seasonality"),)} if week.seasonal else set()
        return np.array([2 * (not hypothesis or hypothesis in season) for hypothesis in HYPOTHESES])
    visible = {CODES.index(code) for code in week.required}
    level = [(bool(h) and set(h) <= true) * (1 + (len(visible & set(h)) == min(2, len(visible)))) for h in HYPOTHESES]
    return np.array(level)


def _prior():
    """Curvature of the penalties over (intercepts, slopes, magnitude, pair): slopes are tied to their own mean."""
    slopes = SLOPE_RIDGE * (np.eye(COUNT) - np.full((COUNT, COUNT), 1 / COUNT)) + 0.5 / COUNT * np.eye(COUNT)
    out = np.zeros((2 * COUNT + 2, 2 * COUNT + 2))
    out[:COUNT, :COUNT] = INTERCEPT_RIDGE * np.eye(COUNT)
    out[COUNT : 2 * COUNT, COUNT : 2 * COUNT] = slopes
    out[-2, -2], out[-1, -1] = 1.0, 0.5
    return out


CENTRE = np.concatenate([np.full(COUNT, CENTRE_INTERCEPT), np.full(COUNT, CENTRE_SLOPE), [0.5, -1.0]])


def fit(evidence, right, rounds=6, steps=8):
    """The parameters of maximum penalised likelihood."""
    prior, parameters = _prior(), Parameters.start()
    for _ in range(rounds):
        coefficients, possible = features(evidence, parameters)
        best = (right == 2) & possible
        best = np.where(best.any(1, keepdims=True), best, (right >= 1) & possible)
        keep = best.any(1)
        problem = (coefficients[keep], possible[keep], best[keep], prior)
        vector = parameters.vector
        for _ in range(steps):
            vector, moved = _step(vector, *problem)
            if moved < 1e-4:
                break
        change = np.abs(vector - parameters.vector).max()
        parameters = Parameters.from_vector(vector)
        if change < 1e-3:
            break
    return parameters


def _cost(vector, coefficients, possible, right, prior):
    shares = softmax(coefficients, possible, vector)
    away = vector - CENTRE
    return -np.log(np.maximum((shares * right).sum(1), 1e-12)).sum() + 0.5 * away @ prior @ away


def _step(vector, coefficients, possible, right, prior):
    """One Newton step with the curvature of all hypotheses (which is never too small); (vector, greatest change)."""
    shares = softmax(coefficients, possible, vector)
    within = shares * right
    within /= np.maximum(within.sum(1, keepdims=True), 1e-300)
    mean = np.einsum("nh,nhp->np", shares, coefficients)
    gradient = mean.sum(0) - np.einsum("nh,nhp->p", within, coefficients) + prior @ (vector - CENTRE)
    scaled = (coefficients * np.sqrt(shares)[:, :, None]).reshape(-1, len(vector))
    curve = scaled.T @ scaled - mean.T @ mean + prior
    step = np.linalg.solve(curve + 1e-6 * np.eye(len(vector)), gradient)
    now, scale = _cost(vector, coefficients, possible, right, prior), 2.0
    while scale > 1e-4:
        new = Parameters.from_vector(vector - scale * step).vector
        if _cost(new, coefficients, possible, right, prior) < now:
            return new, float(np.abs(new - vector).max())
        scale /= 2
    return vector, 0.0


def platt(raw, happened, steps=50):
    """Intercept and slope that make these probabilities of an incident right (Platt 1999), a little held to (0, 1)."""
    logit = np.log(np.clip(raw, 1e-9, 1 - 1e-9) / (1 - np.clip(raw, 1e-9, 1 - 1e-9)))
    logit = np.clip(logit, -12, 12)
    design, line = np.stack([np.ones_like(logit), logit], 1), np.array([0.0, 1.0])
    for _ in range(steps):
        sure = 1 / (1 + np.exp(-design @ line))
        gradient = design.T @ (sure - happened) + 1.0 * (line - np.array([0.0, 1.0]))
        curve = (design * (sure * (1 - sure))[:, None]).T @ design + np.eye(2)
        line = line - np.linalg.solve(curve, gradient)
    return float(line[0]), float(line[1])


def choose_alarm(parameters, evidence):
    """Sets the alarm so that few of these null weeks raise it; between .2 and .95."""
    quiet = np.sort(probabilities(evidence, parameters)[0])
    at = len(quiet) - 1 - int(FALSE_ALARMS * len(quiet))
    parameters.alarm = float(np.clip(quiet[at] + 1e-4 if len(quiet) else 0.5, 0.2, 0.95))
    return parameters


def fit_weeks(weeks, rows):
    """The parameters from weeks and their backtest lines; weeks that hold faint incidents only have no plain answer."""
    judged = [index for index, week in enumerate(weeks) if week.judged]
    evidence = Evidence.of([rows[index] for index in judged])
    right = np.array([right_hypotheses(weeks[index]) for index in judged])
    parameters = fit(evidence, right)
    happened = np.array([not weeks[index].null for index in judged])
    parameters.incident = platt(probabilities(evidence, parameters)[0], happened)
    return choose_alarm(parameters, evidence.take([at for at, index in enumerate(judged) if weeks[index].null]))


def predict(parameters, weeks, rows):
    """Predictions as `evaluate` takes them."""
    incident, causes = probabilities(Evidence.of(rows), parameters)
    told = [{code: float(p) for code, p in zip(CODES, row)} for row in causes]
    return [
        {"period": week.period, "probabilities": said, "alarm": bool(any_incident >= parameters.alarm)}
        for week, said, any_incident in zip(weeks, told, incident)
    ]


def held_out(weeks, rows, folds=5):
    """Predictions of every week by parameters that have not seen its firm."""
    firms = sorted({week.firm for week in weeks})
    folds = min(folds, len(firms))
    fold = np.array([firms.index(week.firm) % folds for week in weeks])
    out = [None] * len(weeks)
    for number in range(folds):
        train, test = np.flatnonzero((fold != number) | (folds == 1)), np.flatnonzero(fold == number)
        parameters = fit_weeks([weeks[i] for i in train], [rows[i] for i in train])
        for i, said in zip(test, predict(parameters, [weeks[i] for i in test], [rows[i] for i in test])):
            out[i] = said
    return out


def as_toml(parameters, firms, weeks, seed):
    """calibration.toml as src/diagnosis/calibration.rs reads it."""
    lines = [
        "# Fitted by tests/calibration/run --fit; not edited by hand.",
        f'fitted_on = "{firms} simulated firms, {weeks} weeks, seed {seed}"',
        f"magnitude = {parameters.magnitude:.4f}",
        f"pair = {parameters.pair:.4f}",
        f"alarm = {parameters.alarm:.4f}",
        f"incident = {{ intercept = {parameters.incident[0]:.4f}, slope = {parameters.incident[1]:.4f} }}",
        "",
        "[causes]",
    ]
    for code, intercept, slope in zip(CODES, parameters.intercepts, parameters.slopes):
        lines.append(f"{code} = {{ intercept = {intercept:.4f}, slope = {slope:.4f} }}")
    return "\n".join(lines) + "\n"
