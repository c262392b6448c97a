//! `voronka sample`: arguments of the command, and what they mean.

use anyhow::Result;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

use crate::sample::{Firm, SampleSpec, parse_week};

/// Write exports of an invented firm, to try the product on before trusting it with your own
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  voronka sample --out sample-exports/okna-sever
  voronka sample --firm zerno --out sample-exports/zerno
  voronka sample --out /tmp/try --no-incidents --incident traffic-drop@2026-W44:2
  voronka sample --out /tmp/big --weeks 65 --sessions-per-week 154000")]
pub struct SampleArgs {
    /// Folder to write to; files of the same names are replaced
    #[arg(long, value_name = "DIR", required_unless_present = "list_incidents")]
    pub out: Option<PathBuf>,
    /// The firm whose exports to write
    #[arg(long, value_enum, default_value = "okna-sever")]
    pub firm: FirmArg,
    /// Number of weeks [default: 56, north-windows 26, zerno 42]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub weeks: Option<u32>,
    /// Last week
    #[arg(long, value_name = "WEEK", default_value = "2026-W46")]
    pub until: String,
    /// Sessions in an average week [default: 2800, north-windows 700, zerno 1500]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=50_000_000))]
    pub sessions_per_week: Option<u64>,
    /// The same seed gives the same bytes
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Plant an incident besides the usual ones; may be given several times
    #[arg(long, value_name = "NAME[@WEEK[:WEEKS]]")]
    pub incident: Vec<String>,
    /// Leave out the usual incidents
    #[arg(long)]
    pub no_incidents: bool,
    /// List the incidents that can be planted, and stop
    #[arg(long)]
    pub list_incidents: bool,
}

/// Firms by the names that the command line gives them.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum FirmArg {
    /// Windows in two Russian cities, phone-heavy
    OknaSever,
    /// A small English firm
    NorthWindows,
    /// A small Russian shop of coffee with orders and repeat buyers
    Zerno,
}

impl SampleArgs {
    /// What the arguments ask for.
    pub fn spec(&self) -> Result<SampleSpec> {
        let usual = SampleSpec::of(match self.firm {
            FirmArg::OknaSever => Firm::OknaSever,
            FirmArg::NorthWindows => Firm::NorthWindows,
            FirmArg::Zerno => Firm::Zerno,
        });
        Ok(SampleSpec {
            weeks: self.weeks.unwrap_or(usual.weeks),
            until: parse_week(&self.until)?,
            sessions_per_week: self.sessions_per_week.unwrap_or(usual.sessions_per_week),
            seed: self.seed,
            incidents: self.incident.clone(),
            default_incidents: !self.no_incidents,
            ..usual
        })
    }
}

/// Runs the command.
pub fn run(args: &SampleArgs) -> Result<super::exit::Outcome> {
    if args.list_incidents {
        super::console::print(crate::sample::listing().trim_end())?;
    }
    if let Some(out) = args.out.as_ref().filter(|_| !args.list_incidents) {
        let truth = crate::sample::generate(&args.spec()?, out)?;
        super::console::print(&format!(
            "sample {}: {} to {} in {}",
            truth.firm,
            truth.weeks[0],
            truth.weeks[1],
            out.display()
        ))?;
    }
    Ok(super::exit::Outcome::Done)
}
