"""Tests of the judge and of the fit with made-up results: `tests/calibration/run --self-test`."""

import tempfile
from pathlib import Path

import numpy as np

import evaluate
import fit
import report
from evaluate import Week
from incidents import CODES


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
    """Weeks whose scores are true log odds times 2.5, shifted: the fit has to undo both."""
    weeks, rows = [], []
    for firm in range(firms):
        for number in range(per):
            logits = rng.normal(-5.5, 2.5, len(CODES))
            p = np.exp(np.append(0, logits))
            label = rng.choice(len(CODES) + 1, p=p / p.sum())
            week = Week(f"f{firm:02d}", f"w{number:02d}")
            if label:
                week.required, week.allowed = {CODES[label - 1]: 3.0}, {CODES[label - 1]}
            weeks.append(week)
            rows.append(
                {
                    "period": week.period,
                    "scores": {code: {"log_odds": 2.5 * value + 4} for code, value in zip(CODES, logits)},
                }
            )
    return weeks, rows


def the_fit_finds_the_scale_and_the_shift_that_were_hidden():
    weeks, rows = _invented(np.random.default_rng(5), firms=150)
    model = fit.fit_weeks(weeks, rows)
    assert np.abs(model.slopes - 0.4).max() < 0.06, model.slopes
    assert np.abs(model.intercepts + 1.6).max() < 0.4, model.intercepts


def held_out_probabilities_are_calibrated_and_quiet_weeks_stay_quiet():
    weeks, rows = _invented(np.random.default_rng(6), firms=100)
    figures = evaluate.judge(weeks, fit.held_out(weeks, rows))
    assert figures["ece"] < 0.05, figures["ece"]
    assert figures["false_alarms"] < 0.035, figures["false_alarms"]


def two_true_causes_in_a_week_do_not_halve_what_is_said():
    weeks, rows = _invented(np.random.default_rng(7), firms=60)
    doubled = [week for week in weeks if week.required]
    for week, row in zip(weeks, rows):
        if week in doubled:
            other = CODES[0] if "telephony" not in week.required else CODES[1]
            week.allowed, week.required = week.allowed | {other}, week.required | {other: 3.0}
            row["scores"][other]["log_odds"] = max(20.0, *(v["log_odds"] for v in row["scores"].values()))
    assert evaluate.judge(weeks, fit.held_out(weeks, rows))["ece"] < 0.05


def a_cause_without_a_score_gets_no_probability():
    scores = np.full(len(CODES), np.nan)
    scores[1] = 5.0
    told = fit.Model(np.zeros(len(CODES)), np.ones(len(CODES))).predict("w", scores)
    assert (
        told["probabilities"]["telephony"] == 0.0 and abs(told["probabilities"]["forms"] - 1 / (1 + np.exp(-5))) < 1e-12
    )


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
