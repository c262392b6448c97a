"""Tests of the judge and of the fit with made-up results: `tests/calibration/run --self-test`."""

import json
import tempfile
from pathlib import Path

import numpy as np

import fit
import judge
import report
from truth import CODES, Incident, Week, read
from weigh import ROLES, Model, Weeks, hypotheses, posterior


def _incident(cause="forms", conversion="first", weeks=("w1",), scope=None):
    return Incident("f", "g", "medium", cause, "kind", conversion, scope or {}, 5.0, list(weeks))


def _said(*causes, alarm=True, scopes=None):
    return judge.Said(list(causes), scopes or {}, alarm)


def the_finding_with_the_best_place_counts():
    incident = _incident(weeks=("w1", "w2"), scope={"page": "/a"})
    right = _said(("forms", 0.6), ("unknown", 0.2), scopes={"forms": {"page": "/a"}})
    wrong = _said(("telephony", 0.9), ("forms", 0.1), scopes={"telephony": {"line": "1"}})
    assert judge.judge_incident(incident, [wrong, right]) == (True, True, True, "forms")
    assert judge.judge_incident(incident, [wrong]) == (True, False, True, "telephony")
    assert judge.judge_incident(incident, [_said(("none", 0.9), alarm=False)])[0] is False


def a_week_that_only_the_season_explains_is_no_report():
    assert judge.judge_incident(_incident(), [_said(("seasonality", 0.9))])[0] is False


def means_are_over_causes_and_not_over_incidents():
    rows = [(_incident(), True, True, True, "forms")] * 3 + [(_incident("telephony"), True, False, False, "forms")]
    first, three, reported = judge.macro(rows)
    assert (first, three, reported) == (0.5, 0.5, 1.0)


def the_calibration_error_is_the_mean_gap():
    # Ten said .75 of which five are right, ten said .95 of which all are: (.25 + .05) / 2.
    pairs = [(0.75, n < 5) for n in range(10)] + [(0.95, True)] * 10
    assert abs(judge.calibration_error(pairs) - 0.15) < 1e-12


def labels_become_weeks_of_both_conversions():
    told = {
        "firm": "f", "generator": "g", "size": "small", "weeks": [f"w{n}" for n in range(10)],
        "judged": [f"w{n}" for n in range(10)], "seasonal": ["w3"],
        "incidents": [
            {"cause": "forms", "kind": "k", "conversion": "first", "scope": {}, "sigma": 3.0, "weeks": [{"week": "w1", "sigma": 3.0}]},
            {"cause": "data_gap", "kind": "deals", "conversion": "second", "scope": {}, "sigma": 3.0, "weeks": [{"week": "w2", "sigma": 3.0}]},
        ],
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "labels.json"
        path.write_text(json.dumps(told))
        weeks, incidents = read(path)
    kinds = {key: week.kind for key, week in weeks.items()}
    assert kinds["w1", "first"] == "incident" and kinds["w1", "second"] == "spill"
    assert kinds["w2", "first"] == "incident", "a hole in the deals is told among the exports"
    assert kinds["w3", "first"] == "seasonal" and kinds["w3", "second"] == "null" and kinds["w9", "second"] == "immature"
    assert weeks["w0", "first"].right == {"none"} and len(incidents) == 2


def _row(**evidence):
    """A backtest line in which every cause has this evidence, others none."""
    scores = []
    for conversion, codes in CODES.items():
        for code in codes:
            own = evidence.get(f"{conversion}_{code}", {"main": -2.0})
            scores.append({"code": code, "conversion": conversion, "log_odds": 0.0, "evidence": own, "scope": {}, "explains": 0.0, "voids": []})
    return {"period": "w", "deficit": {"inquiries": 0.0, "deviation": 5.0}, "scores": scores}


def evidence_wins_and_the_other_conversion_is_not_touched():
    models = {conversion: Model.start(conversion) for conversion in CODES}
    rows = [_row(), _row(first_forms={"main": 15.0})]
    sure, causes = posterior(Weeks.of(rows, "first"), models)
    assert sure[0] < 0.2 and sure[1] > 0.5 and causes[1].argmax() == CODES["first"].index("forms")
    second, _ = posterior(Weeks.of(rows, "second"), models)
    assert abs(second[0] - second[1]) < 1e-12


def a_spoilt_source_says_nothing():
    models = {conversion: Model.start(conversion, 1.0) for conversion in CODES}
    row = _row(first_telephony={"main": 20.0}, first_data_gap={"main": 20.0})
    for score in row["scores"]:
        score["voids"] = [["first", "telephony"]] if score["code"] == "data_gap" else []
    _, causes = posterior(Weeks.of([row], "first"), models)
    assert causes[0][CODES["first"].index("data_gap")] > 0.9 > 0.1 > causes[0][CODES["first"].index("telephony")]


def the_gradient_is_the_slope_of_the_cost():
    dice = np.random.default_rng(1)
    rows, weeks = [], []
    for number in range(30):
        row = _row()
        for score in row["scores"]:
            score["evidence"] = {role: float(dice.normal(0, 4)) for role in ROLES[:4]}
            score["explains"] = float(abs(dice.normal(0, 20)))
        row["deficit"] = {"inquiries": float(dice.normal(10, 10)), "deviation": 5.0}
        rows.append(row)
        weeks.append(Week("f", "g", "medium", f"w{number}", "second", causes={"managers": 3.0} if number % 3 == 0 else {}))
    evidence, wanted = Weeks.of(rows, "second"), fit.right(weeks, "second")
    count = len(CODES["second"])
    gated, used = np.zeros((30, count), bool), (np.abs(evidence.features) > 0).any(0)
    unpack = lambda v: Model("second", v[:count], v[count:-1].reshape(count, len(ROLES)), float(v[-1]))
    vector = np.concatenate([np.full(count, -2.0), dice.uniform(0.2, 1, count * len(ROLES)), [-1.0]])
    problem = (evidence, wanted, np.ones(30), gated, unpack, used)
    _, gradient = fit._cost(vector, *problem)
    for at in (0, 2, count + 1, count + len(ROLES) + 2, len(vector) - 1):
        step = np.zeros(len(vector))
        step[at] = 1e-5
        slope = (fit._cost(vector + step, *problem)[0] - fit._cost(vector - step, *problem)[0]) / 2e-5
        assert abs(slope - gradient[at]) < 1e-3 * max(1.0, abs(slope)), (at, slope, gradient[at])


def the_fit_learns_which_evidence_tells():
    dice = np.random.default_rng(2)
    rows, weeks = [], {conversion: [] for conversion in CODES}
    for number in range(400):
        broken = number % 4 == 0
        told = {"main": float(dice.normal(6 if broken else -2, 2)), "demand": float(dice.normal(0, 6))}
        rows.append(_row(first_forms=told))
        for conversion in CODES:
            causes = {"forms": 5.0} if broken and conversion == "first" else {}
            week = Week("f", f"g{number % 2}", "medium", f"w{number}", conversion, "incident" if causes else "null", causes)
            weeks[conversion].append(week)
    models = fit.fit(weeks, rows)
    weights = models["first"].weights[CODES["first"].index("forms")]
    assert weights[ROLES.index("main")] > 0.4 > 0.1 > weights[ROLES.index("demand")], weights
    assert 0.2 <= models["first"].alarm <= 0.95


def a_calibration_is_read_as_it_was_written():
    models = {conversion: Model.start(conversion) for conversion in CODES}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calibration.toml"
        path.write_text(fit.as_toml(models, "made up"))
        again = fit.shipped(path)
    for conversion in CODES:
        assert np.allclose(again[conversion].weights, models[conversion].weights)


def the_plot_is_one_picture_with_a_dot_for_each_filled_tenth():
    bins = [(5, 0.1 * n, 0.1 * n) for n in range(10)]
    assert report.plot([bins, bins]).count("<circle") == 20


def main():
    tests = [value for name, value in globals().items() if callable(value) and value.__module__ == __name__]
    tests = [test for test in tests if not test.__name__.startswith("_") and test.__name__ != "main"]
    for test in tests:
        test()
        print(f"ok {test.__name__}")
    assert hypotheses("second")[0] == ()
    print(f"{len(tests)} passed")
    return 0


if __name__ == "__main__":
    main()
