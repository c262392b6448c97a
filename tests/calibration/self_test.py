"""Tests of the judge and of the fit with made-up results: `tests/calibration/run --self-test`."""

import tempfile
from pathlib import Path

import numpy as np

import evaluate
import fit
import report
from evaluate import Week
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


def _prediction(alarm=True, **probabilities):
    return {"period": "w", "probabilities": probabilities, "alarm": alarm}


def a_hit_is_first_and_another_truth_does_not_push_it_down():
    weeks = [
        Week("a", "w1", required={"forms": 3.0}, allowed={"forms"}),
        Week("a", "w2", required={"forms": 3.0, "tracking": 9.0}, allowed={"forms", "tracking"}),
    ]
    told = [_prediction(forms=0.6, telephony=0.3), _prediction(tracking=0.7, forms=0.2, unknown=0.1)]
    figures = evaluate.judge(weeks, told)
    assert [case["top1"] for case in figures["cases"]] == [True, True, True]
    assert figures["macro"] == {"recall": 1.0, "top1": 1.0, "top3": 1.0}
    told[1]["probabilities"]["forms"] = 0.05
    assert [case["top1"] for case in evaluate.judge(weeks, told)["cases"]] == [True, False, True]


def a_late_find_of_the_second_conversion_counts_in_its_window():
    weeks = [Week("a", f"w{n}", allowed={"managers"} if n else set()) for n in range(4)]
    weeks[1].required = {"managers": 3.0}
    told = [_prediction(False), _prediction(False), _prediction(False), _prediction(managers=0.8)]
    case = evaluate.judge(weeks, told)["cases"][0]
    assert not case["top1"] and case["window"] and case["said"] == "nothing"


def the_macro_average_counts_causes_not_cases():
    weeks = [Week("a", f"w{n}", required={"forms": 3.0}, allowed={"forms"}) for n in range(3)] + [
        Week("a", "w9", required={"managers": 3.0}, allowed={"managers"})
    ]
    told = [_prediction(forms=0.9)] * 3 + [_prediction(forms=0.9, managers=0.1)]
    figures = evaluate.judge(weeks, told)
    assert figures["macro"]["top1"] == 0.5 and figures["macro"]["top3"] == 1.0


def a_week_without_an_alarm_is_no_hit_and_no_false_alarm():
    weeks = [Week("a", "w1", required={"forms": 3.0}, allowed={"forms"}), Week("a", "w2"), Week("a", "w3")]
    told = [_prediction(alarm=False, forms=0.2), _prediction(alarm=False), _prediction(alarm=True, forms=0.8)]
    figures = evaluate.judge(weeks, told)
    assert figures["macro"]["recall"] == 0.0 and figures["nulls"] == 2 and figures["false_alarms"] == 0.5


def a_holiday_blamed_on_a_form_is_seasonal_blame():
    weeks = [Week("a", "w1", festive=True), Week("a", "w2", festive=True), Week("a", "w3", festive=True)]
    told = [_prediction(seasonality=0.8, forms=0.1), _prediction(forms=0.8), _prediction(alarm=False)]
    figures = evaluate.judge(weeks, told)
    assert abs(figures["seasonal_blame"] - 1 / 3) < 1e-12 and figures["nulls"] == 0


def the_calibration_error_is_the_mean_gap():
    # Ten alarms said .75 of which five are right, ten said .95 of which all are: (.25 + .05) / 2.
    alarms = [(0.75, n < 5) for n in range(10)] + [(0.95, True)] * 10
    assert abs(evaluate.expected_calibration_error(alarms) - 0.15) < 1e-12


def truth_becomes_weeks():
    names = [f"2025-W{n + 1:02d}" for n in range(60)]
    sales = {
        "code": "managers",
        "kind": "slow",
        "first_week": names[20],
        "last_week": names[21],
        "sigma": 4.0,
        "weeks": [],
    }
    faint = {
        "code": "forms",
        "kind": "dead",
        "first_week": names[40],
        "last_week": names[40],
        "sigma": 1.0,
        "weeks": [{"week": names[40], "sigma": 1.0}],
    }
    plain = {
        "code": "tracking",
        "kind": "doubled",
        "first_week": names[30],
        "last_week": names[31],
        "sigma": 9.0,
        "weeks": [{"week": names[30], "sigma": 9.0}, {"week": names[31], "sigma": 0.5}],
    }
    weeks = evaluate.truth_weeks(
        {"firm": "a", "weeks": names, "holiday_weeks": [names[50]], "incidents": [sales, faint, plain]}
    )
    assert [w for w in weeks if weeks[w].required] == [names[21], names[30]]
    assert (
        not weeks[names[24]].null and weeks[names[25]].null and not weeks[names[40]].null and not weeks[names[31]].null
    )
    assert weeks[names[50]].seasonal and not weeks[names[50]].null


def a_backtest_line_becomes_a_prediction():
    row = {
        "period": "2025-W20",
        "findings": [
            {
                "conversion": "first",
                "causes": [{"code": "forms", "probability": 0.5}, {"code": "unknown", "probability": 0.2}],
            },
            {
                "conversion": "second",
                "causes": [{"code": "forms", "probability": 0.3}, {"code": "managers", "probability": 0.6}],
            },
        ],
    }
    told = evaluate.from_backtest(row)
    assert (
        told["alarm"]
        and evaluate.ranked(told) == ["managers", "forms", "unknown"]
        and told["probabilities"]["forms"] == 0.5
    )
    assert not evaluate.from_backtest({"period": "w", "findings": []})["alarm"]


def _invented(rng, firms=30, per=42):
    """Weeks drawn from the program's own model with known parameters: intercept -4, slope .4, pairs e^-2 rarer."""
    truth = Parameters(np.full(COUNT, -4.0), np.full(COUNT, 0.4), 0.5, -2.0)
    rows = []
    for _ in range(firms * per):
        log_odds = rng.normal(-5, 8, COUNT)
        rows.append({"period": "w", "scores": {c: {"log_odds": float(v)} for c, v in zip(CODES, log_odds)}})
    shares = softmax(*features(Evidence.of(rows), truth), truth.vector)
    weeks = []
    for index, share in enumerate(shares):
        members = HYPOTHESES[rng.choice(len(share), p=share)]
        week = Week(f"f{index // per:03d}", f"w{index % per:02d}")
        week.allowed = {CODES[code] for code in members}
        week.required = {code: 3.0 for code in week.allowed}
        weeks.append(week)
    return weeks, rows


def the_fit_finds_the_lines_that_were_hidden():
    weeks, rows = _invented(np.random.default_rng(5), firms=100)
    found = fit.fit_weeks(weeks, rows)
    assert np.abs(found.slopes - 0.4).max() < 0.1, found.slopes
    assert np.abs(found.intercepts + 4).max() < 0.6, found.intercepts


def held_out_probabilities_are_calibrated_and_quiet_weeks_stay_quiet():
    weeks, rows = _invented(np.random.default_rng(6), firms=100)
    figures = evaluate.judge(weeks, fit.held_out(weeks, rows))
    assert figures["ece"] < 0.05, figures["ece"]
    assert figures["false_alarms"] < 0.035, figures["false_alarms"]


def a_cause_without_a_score_gets_no_probability():
    rows = [{"period": "w", "scores": {"forms": {"log_odds": 5.0}, "telephony": {"log_odds": None}}}]
    incident, causes = probabilities(Evidence.of(rows), Parameters(np.zeros(COUNT), np.ones(COUNT)))
    assert causes[0, CODES.index("telephony")] == 0.0
    assert (
        abs(causes[0, CODES.index("forms")] - 1 / (1 + np.exp(-5))) < 1e-12
        and abs(incident[0] - causes[0].sum()) < 1e-12
    )


def a_gate_takes_the_evidence_away():
    scores = {"data_gap": {"log_odds": 9.0, "voids": ["telephony"]}, "telephony": {"log_odds": 20.0}}
    plain = Parameters(np.full(COUNT, -3.0), np.ones(COUNT), 1.0, 0.0)
    _, causes = probabilities(Evidence.of([{"scores": scores}]), plain)
    assert causes[0, CODES.index("data_gap")] > 0.8 and causes[0, CODES.index("telephony")] < 0.1


def a_small_fault_does_not_take_the_blame_for_a_large_drop():
    scores = {"forms": {"log_odds": 6.0, "explains": 5.0}, "traffic_quality": {"log_odds": 6.0, "explains": 60.0}}
    row = {"scores": scores, "deficit": {"inquiries": 60.0, "deviation": 10.0}}
    _, causes = probabilities(Evidence.of([row]), Parameters(np.full(COUNT, -3.0), np.ones(COUNT), 1.0, 0.0))
    assert causes[0, CODES.index("traffic_quality")] > causes[0, CODES.index("forms")]


def one_hypothesis_is_weighed_as_by_hand():
    # forms alone: -3 + 6 = 3, less (10 - 8)^2 / (2 (25 + 1.6^2)) = .0726; nothing: -(10 / 5)^2 / 2 = -2.
    row = {"scores": {"forms": {"log_odds": 6.0, "explains": 8.0}}, "deficit": {"inquiries": 10.0, "deviation": 5.0}}
    _, causes = probabilities(Evidence.of([row]), Parameters(np.full(COUNT, -3.0), np.ones(COUNT), 1.0, 0.0))
    forms, nothing = np.exp(3 - 4 / (2 * (25 + 1.6**2))), np.exp(-2)
    assert abs(causes[0, CODES.index("forms")] - forms / (forms + nothing)) < 1e-12


def the_calibration_is_written_as_the_program_reads_it():
    import tomllib

    read = tomllib.loads(fit.as_toml(Parameters.start(), 40, 1720, 1))
    assert set(read) == {"fitted_on", "magnitude", "pair", "alarm", "causes"} and set(read["causes"]) == set(CODES)
    assert read["causes"]["forms"] == {"intercept": -4.0, "slope": 0.8}


def the_fragment_replaces_what_stands_between_the_markers():
    figures = evaluate.judge([Week("a", "w1", required={"forms": 3.0}, allowed={"forms"})], [_prediction(forms=0.9)])
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.md"
        page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
        report.write_fragment(page, report.fragment(figures, 1, 7))
        report.write_fragment(page, report.fragment(figures, 1, 7))
        text = page.read_text()
    assert (
        text.startswith("before\n")
        and text.endswith("after\n")
        and "old" not in text
        and text.count(report.BEGIN) == 1
        and "`forms` | 1" in text
    )
    assert report.plot(figures["bins"]).count("<circle") == 1


def the_same_seed_gives_the_same_files():
    from simulate import write_firm

    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        for folder in (first, second):
            write_firm(folder, "firm", [3, 1], 20_000)
        files = sorted(path.relative_to(first) for path in Path(first).rglob("*") if path.is_file())
        assert len(files) > 6 and all((Path(first) / f).read_bytes() == (Path(second) / f).read_bytes() for f in files)


def main():
    tests = [
        value
        for name, value in globals().items()
        if callable(value)
        and not name.startswith("_")
        and getattr(value, "__module__", "") == __name__
        and name != "main"
    ]
    for test in tests:
        test()
        print(f"ok  {test.__name__.replace('_', ' ')}")
    print(f"{len(tests)} tests passed")
    return 0
