"""Learns what evidence is worth: penalised maximum likelihood, one model for each conversion.

The likelihood of a week is the probability of all hypotheses that would be right: nothing in a null week, those that hold the
incident's cause in a week of one. Weights are never negative (more evidence is never less likely) and are drawn to a common
one. All generators count alike, however many firms each has, but one by another hand counts as two: its incidents were
not made up by those who made up the evidence. Weeks of faint incidents may also be taken for null.
"""

import tomllib

import numpy as np
from scipy.optimize import minimize

from truth import CODES
from weigh import ROLES, SPOILT, Model, Weeks, hypotheses, posterior, scores, softmax, spoilt

OUTSIDE = 2.0  # as many of our own generators does one by another hand count
FAINT = 1.0  # sigmas of a week below which "nothing" is right as well
USUAL_WEIGHT, WEIGHT_RIDGE = 0.4, 6.0
USUAL_INTERCEPT, INTERCEPT_RIDGE = -4.5, 0.3
USUAL_PAIR, PAIR_RIDGE = -1.5, 1.0
MOST_WEIGHT = 2.5
FALSE_ALARMS = 0.015  # of null weeks, all generators counting alike: a world that is not among them has half as many more
ROUNDS = 4


def right(weeks, conversion):
    """weeks x hypotheses: which would be right."""
    members = hypotheses(conversion)
    out = np.zeros((len(weeks), len(members)), bool)
    for at, week in enumerate(weeks):
        true = {CODES[conversion].index(cause) for cause in week.causes if cause in CODES[conversion]}
        loud = {CODES[conversion].index(cause) for cause, sigma in week.causes.items() if sigma >= 2.0}
        season = {CODES[conversion].index("seasonality")} if week.seasonal and conversion == "first" else set()
        for number, hypothesis in enumerate(members):
            held = set(hypothesis)
            if not hypothesis:
                out[at, number] = not week.causes or max(week.causes.values()) < FAINT
            else:
                out[at, number] = held <= true | season and (len(loud & held) >= min(1, len(loud)))
    return out


def balance(weeks, outside=()):
    """Weights of weeks that make every generator count the same, those by another hand twice; their sum is the number of
    weeks."""
    names = np.array([week.generator for week in weeks])
    kinds, counts = np.unique(names, return_counts=True)
    parts = {kind: OUTSIDE if kind in outside else 1.0 for kind in kinds}
    each = len(weeks) / sum(parts.values())
    share = {kind: each * parts[kind] / count for kind, count in zip(kinds, counts)}
    return np.array([share[name] for name in names])


def fit_model(weeks, rows, conversion, models, importance):
    """Fits one conversion; the models say what is spoilt by a cause of the other one."""
    evidence, wanted = Weeks.of(rows, conversion), right(weeks, conversion)
    model, count = models[conversion], len(CODES[conversion])
    used = (np.abs(evidence.features) > 0).any(0)

    def unpack(vector):
        weights = vector[count:-1].reshape(count, len(ROLES))
        return Model(conversion, vector[:count], weights, float(vector[-1]))

    for _ in range(ROUNDS):
        gated = spoilt(evidence, models | {conversion: model})
        start = np.concatenate([model.intercepts, model.weights.ravel(), [model.pair]])
        problem = (evidence, wanted, importance, gated, unpack, used)
        bounds = [(None, -0.5)] * count + [(0.0, MOST_WEIGHT)] * (count * len(ROLES)) + [(None, 0.0)]
        found = minimize(_cost, start, args=problem, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 150})
        model = unpack(found.x)
    return model


def _cost(vector, evidence, wanted, importance, gated, unpack, used):
    model = unpack(vector)
    values, nats, shares = scores(evidence, model, gated)
    all_share = softmax(values)
    within = np.where(wanted & np.isfinite(values), all_share, 0.0)
    likely = within.sum(1)
    keep = likely > 0
    within[keep] /= likely[keep, None]
    cost = -(importance[keep] * np.log(np.maximum(likely[keep], 1e-12))).sum()
    slope = (all_share - within) * importance[:, None]
    slope[~keep] = 0.0
    count = model.intercepts.size
    by_prior, by_nats = np.zeros((len(values), count)), np.zeros((len(values), count))
    for number, hypothesis in enumerate(hypotheses(evidence.conversion)):
        if len(hypothesis) == 1:
            by_prior[:, hypothesis[0]] += slope[:, number]
            by_nats[:, hypothesis[0]] += slope[:, number]
        elif len(hypothesis) == 2:
            one, other = hypothesis
            swapped, share = shares[number - 1 - count]
            by_prior[:, one] += slope[:, number]
            by_prior[:, other] += slope[:, number]
            by_nats[:, one] += slope[:, number] * np.where(swapped, share, 1.0)
            by_nats[:, other] += slope[:, number] * np.where(swapped, 1.0, share)
    by_nats = np.where(gated & (np.einsum("ncr,cr->nc", evidence.features, model.weights) > SPOILT), 0.0, by_nats)
    pairs = slope[:, 1 + count :].sum()
    away = np.where(used, model.weights - USUAL_WEIGHT, 0.0)
    cost += 0.5 * WEIGHT_RIDGE * (away**2).sum() + 0.5 * INTERCEPT_RIDGE * ((model.intercepts - USUAL_INTERCEPT) ** 2).sum()
    cost += 0.5 * PAIR_RIDGE * (model.pair - USUAL_PAIR) ** 2
    gradient = [
        by_prior.sum(0) + INTERCEPT_RIDGE * (model.intercepts - USUAL_INTERCEPT),
        (np.einsum("nc,ncr->cr", by_nats, evidence.features) + WEIGHT_RIDGE * away).ravel(),
        [pairs + PAIR_RIDGE * (model.pair - USUAL_PAIR)],
    ]
    return cost, np.concatenate(gradient)


def platt(raw, happened, importance, steps=50):
    """Intercept and slope that make these probabilities of an incident right (Platt 1999), a little held to (0, 1)."""
    logit = np.clip(np.log(np.clip(raw, 1e-9, 1 - 1e-9) / (1 - np.clip(raw, 1e-9, 1 - 1e-9))), -12, 12)
    design, line = np.stack([np.ones_like(logit), logit], 1), np.array([0.0, 1.0])
    for _ in range(steps):
        sure = 1 / (1 + np.exp(-design @ line))
        gradient = design.T @ (importance * (sure - happened)) + 2.0 * (line - np.array([0.0, 1.0]))
        curve = (design * (importance * sure * (1 - sure))[:, None]).T @ design + 2.0 * np.eye(2)
        line = line - np.linalg.solve(curve, gradient)
    return float(line[0]), float(max(line[1], 0.2))


def threshold(weeks, sure, outside=()):
    """The probability of an incident that few enough null weeks reach."""
    at = [number for number, week in enumerate(weeks) if week.kind == "null"]
    if not at:
        return 0.5
    null, shares = np.array([sure[number] for number in at]), balance([weeks[number] for number in at], outside)
    order = np.argsort(-null)
    beyond = np.cumsum(shares[order]) / shares.sum()
    return float(np.clip(null[order][np.searchsorted(beyond, FALSE_ALARMS)] + 1e-4, 0.2, 0.95))


def fit(weeks, rows, outside=()):
    """Models of both conversions. `weeks` maps each conversion to its weeks, in the order of `rows`; `outside` names the
    generators by another hand."""
    models = {conversion: Model.start(conversion) for conversion in CODES}
    for _ in range(2):
        for conversion in CODES:
            keep = [at for at, week in enumerate(weeks[conversion]) if week.kind not in ("spill", "immature")]
            own, told = [weeks[conversion][at] for at in keep], [rows[at] for at in keep]
            models[conversion] = fit_model(own, told, conversion, models, balance(own, outside))
    for conversion in CODES:
        keep = [at for at, week in enumerate(weeks[conversion]) if week.kind not in ("spill", "immature")]
        own, told = [weeks[conversion][at] for at in keep], [rows[at] for at in keep]
        evidence = Weeks.of(told, conversion)
        raw, _ = posterior(evidence, models)
        happened = np.array([bool(week.causes) for week in own], float)
        models[conversion].incident = platt(raw, happened, balance(own, outside))
        models[conversion].alarm = threshold(own, posterior(evidence, models)[0], outside)
    return models


def as_toml(models, about):
    """calibration.toml as src/diagnosis/weigh/calibration.rs reads it."""
    lines = ["# Fitted by tests/calibration/run --fit; not edited by hand.", f'fitted_on = "{about}"']
    for conversion, model in models.items():
        line = f"{{ intercept = {model.incident[0]:.4f}, slope = {model.incident[1]:.4f} }}"
        lines += ["", f"[{conversion}]", f"pair = {model.pair:.4f}", f"alarm = {model.alarm:.4f}", f"incident = {line}"]
        for code, intercept, weights in zip(CODES[conversion], model.intercepts, model.weights):
            told = ", ".join(f"{role} = {weight:.4f}" for role, weight in zip(ROLES, weights))
            lines += ["", f"[{conversion}.causes.{code}]", f"intercept = {intercept:.4f}", f"weights = {{ {told} }}"]
    return "\n".join(lines) + "\n"


def shipped(path):
    """The models that the program carries."""
    told, out = tomllib.loads(path.read_text()), {}
    for conversion, codes in CODES.items():
        model, fitted = Model.start(conversion), told[conversion]
        for place, code in enumerate(codes):
            line = fitted["causes"][code]
            model.intercepts[place] = line["intercept"]
            model.weights[place] = [line["weights"].get(role, 0.0) for role in ROLES]
        line = fitted["incident"]
        model.pair, model.alarm, model.incident = fitted["pair"], fitted["alarm"], (line["intercept"], line["slope"])
        out[conversion] = model
    return out
