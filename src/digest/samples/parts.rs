//! The decomposition of the samples: taken apart from their own rows.

use crate::metrics::decomposition::{
    Breakdown, CountedChain, Decomposition, Side, Terms, Worth, breakdown,
};
use crate::metrics::scorecard::Scorecard;
use crate::metrics::values::Measures;
use crate::model::money::Minor;

pub(super) fn decomposition(card: &Scorecard) -> Decomposition {
    let previous = previous(card);
    Decomposition {
        usual: previous.clone(),
        previous,
    }
}

fn previous(card: &Scorecard) -> Option<Breakdown> {
    let base = card.total.previous.as_ref()?;
    let channel = |row: &crate::metrics::scorecard::ChannelRow| {
        let before = row.previous.as_ref()?;
        Some(CountedChain {
            channel: row.channel.clone(),
            sides: [side(&before.measures)?, side(&row.measures)?],
            worth: Some(Worth {
                conv2: 0.24,
                check: 8_400_000.0,
            }),
        })
    };
    let counted: Vec<CountedChain> = card.channels.iter().map(channel).collect::<Option<_>>()?;
    breakdown(
        vec![base.period.clone()],
        &counted,
        Terms {
            maturity: Some(0.31),
            min_events: 10,
        },
    )
}

fn side(of: &Measures) -> Option<Side> {
    let amount = |of: Option<Minor>| of.map(|amount| amount.0 as f64);
    Some(Side {
        sessions: of.sessions? as f64,
        inquiries: of.inquiries?,
        sold: of.sales,
        closed: of.sales_closed,
        revenue: amount(of.revenue_closed),
        spend: amount(of.spend),
    })
}
