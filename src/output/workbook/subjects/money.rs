//! The money of the period, the sales formula, the processes and the cohorts of buyers.

use super::super::tidy::{Datum, Tidy};
use super::sheet;
use crate::config::words::{self, Key};
use crate::digest::formula_factor;
use crate::digest::page::Page;
use crate::metrics::money::{BuyerCohort, FormulaLine, Money, PeriodMoney, Process, SalesFactor};
use crate::metrics::values::Rate;

/// How one number of a period is read.
type Reading = (Key, fn(&PeriodMoney) -> Datum);

const READINGS: [Reading; 17] = [
    (words::metric::SALES_CLOSED, |of| count(of.closed.sales)),
    (words::metric::REVENUE, |of| {
        Datum::money(Some(of.closed.revenue))
    }),
    (words::money::label::MARGIN, |of| {
        Datum::money(of.closed.gross_margin)
    }),
    (words::money_sheets::MARGIN_RATE, |of| {
        Datum::share(of.closed.margin_rate)
    }),
    (words::money::label::AVERAGE_CHECK, |of| {
        Datum::money(of.closed.average_check.value)
    }),
    (words::money_sheets::REFUNDS, |of| count(of.refunds.count)),
    (words::money_sheets::REFUND_AMOUNT, |of| {
        Datum::money(Some(of.refunds.amount))
    }),
    (words::money_sheets::REVENUE_NET, |of| {
        Datum::money(Some(of.revenue_net))
    }),
    (words::money_sheets::MADE, |of| count(of.made.deals)),
    (words::money_sheets::PAID, |of| count(of.made.sales)),
    (words::money_sheets::REVENUE_MADE, |of| {
        Datum::money(Some(of.made.revenue))
    }),
    (words::money_sheets::REFUNDED, |of| {
        Datum::rate(&of.made.refunded)
    }),
    (words::money_sheets::REPEAT, |of| {
        Datum::rate(&of.made.repeat)
    }),
    (words::money_sheets::SPEND, |of| {
        Datum::money(of.closed.spend)
    }),
    (words::money::column::CAC, |of| Datum::money(of.closed.cac)),
    (words::money_sheets::ROMI, |of| Datum::share(of.closed.romi)),
    (words::money_sheets::ROMI_MARGIN, |of| {
        Datum::share(of.closed.romi_margin)
    }),
];

fn count(count: u64) -> Datum {
    Datum::Count(count as f64)
}

/// The numbers of the period beside those of the period before.
pub(super) fn period(page: &Page) -> Tidy {
    use words::money_sheets as said;
    let columns = [words::kpi::column::METRIC, said::NOW, said::BEFORE];
    let row = |money: &Money, (name, read): Reading| {
        let before = money.before.as_ref().map_or(Datum::Empty, read);
        vec![Datum::text(page.text(name)), read(&money.now), before]
    };
    let money = page.digest.money.iter();
    let rows = money.flat_map(|money| READINGS.map(|reading| row(money, reading)));
    sheet(page, page.text(said::TITLE), &columns, rows.collect())
}

/// The lines of the sales formula, a row each.
pub(super) fn formula(page: &Page) -> Tidy {
    use words::formula::column;
    let columns = [
        words::money_sheets::AGAINST,
        column::FACTOR,
        column::BASE,
        column::NOW,
        column::AMOUNT,
        words::money_sheets::LOW,
        words::money_sheets::HIGH,
    ];
    let formulas = page.digest.money.iter().flat_map(|money| &money.formula);
    let mut rows = Vec::new();
    for formula in formulas {
        let base = page.figures.short_period(&formula.base_period);
        for line in &formula.lines {
            let name = formula_factor(line.factor, formula.visitors_are);
            rows.push(vec![
                Datum::text(&base),
                Datum::text(page.text(name)),
                factor(line, line.base),
                factor(line, line.now),
                Datum::money(Some(line.amount)),
                Datum::money(Some(line.low)),
                Datum::money(Some(line.high)),
            ]);
        }
        rows.push(vec![
            Datum::text(&base),
            Datum::text(page.text(words::formula::TOTAL)),
            Datum::money(Some(formula.base)),
            Datum::money(Some(formula.now)),
            Datum::money(Some(formula.change)),
            Datum::Empty,
            Datum::Empty,
        ]);
    }
    sheet(page, page.text(words::formula::TITLE), &columns, rows)
}

fn factor(line: &FormulaLine, value: f64) -> Datum {
    match line.factor {
        SalesFactor::Visitors | SalesFactor::SalesPerBuyer => Datum::Count(value),
        SalesFactor::Conversion | SalesFactor::Margin => Datum::Share(value),
        SalesFactor::AverageCheck => Datum::Money(value / 100.0),
    }
}

/// The three processes, a row each.
pub(super) fn processes(page: &Page) -> Tidy {
    use words::buyers::{column, process};
    use words::money_sheets as said;
    let columns = [
        column::PROCESS,
        column::SALES,
        column::BUYERS,
        column::REVENUE,
        column::MARGIN,
        column::RATE,
        said::LOW,
        said::HIGH,
        column::CAC,
    ];
    let row = |name: Key, of: &Process| {
        let [rate, low, high] = ends(&of.rate);
        vec![
            Datum::text(page.text(name)),
            count(of.sales),
            count(of.buyers),
            Datum::money(Some(of.revenue)),
            Datum::money(of.gross_margin),
            rate,
            low,
            high,
            Datum::money(of.cac),
        ]
    };
    let of_money = |money: &Money| {
        let of = &money.now.processes;
        [
            row(process::ATTRACT, &of.attract),
            row(process::RETAIN, &of.retain),
            row(process::REACTIVATE, &of.reactivate),
        ]
    };
    let rows = page.digest.money.iter().flat_map(of_money).collect();
    sheet(page, page.text(said::PROCESSES), &columns, rows)
}

fn ends(rate: &Rate) -> [Datum; 3] {
    [
        Datum::rate(rate),
        Datum::share(rate.low),
        Datum::share(rate.high),
    ]
}

/// Every cohort of buyers: months, then weeks.
pub(super) fn cohorts(page: &Page) -> Tidy {
    use words::buyers::column;
    use words::money_sheets as said;
    let columns = [
        column::COHORT,
        words::workbook::FROM_DAY,
        words::workbook::TO_DAY,
        column::BUYERS,
        column::AGAIN,
        said::LOW,
        said::HIGH,
        column::SALES,
        column::REVENUE,
        column::REVENUE_EACH,
        said::NET_EACH,
        column::MARGIN_EACH,
        said::SPEND,
        column::CAC,
        column::PAID_BACK,
        said::PAID_BACK_ON,
    ];
    let cohorts = page.digest.money.iter();
    let cohorts = cohorts.flat_map(|money| money.months.iter().chain(&money.weeks));
    let rows = cohorts.map(|cohort| cohort_row(page, cohort)).collect();
    sheet(page, page.text(said::COHORTS), &columns, rows)
}

fn cohort_row(page: &Page, of: &BuyerCohort) -> Vec<Datum> {
    let [again, low, high] = ends(&of.bought_again);
    vec![
        Datum::text(page.figures.short_period(&of.period)),
        Datum::Day(of.from),
        Datum::Day(of.to),
        count(of.buyers),
        again,
        low,
        high,
        count(of.sales),
        Datum::money(Some(of.revenue)),
        Datum::money(of.revenue_per_buyer.value),
        Datum::money(of.net_per_buyer.value),
        Datum::money(of.margin_per_buyer.value),
        Datum::money(of.spend),
        Datum::money(of.cac),
        Datum::share(of.paid_back),
        of.paid_back_on.map_or(Datum::Empty, Datum::Day),
    ]
}
