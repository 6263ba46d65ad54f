//! The benchmarks of the whole house, each figure as a ratio to a peer or a limit that was measured
//! in the same run. Never a test: a number that disappoints is printed, not failed.
//!
//!     deploy/with-services.sh --rabbitmq --durable cargo bench -p hilo --bench house
//!     … -- --only a|b|c|d   one part: (a) webhooks in, (b) the whole flow, (c) numbers, (d) people
//!     … -- --quick          a fifth of the work, for developing
#![allow(
    clippy::as_conversions,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a benchmark divides counts by times and prints what comes out"
)]

mod backlog;
mod browser;
mod crowd;
mod flow;
#[path = "../../examples/torture/frames.rs"]
mod frames;
mod generator;
mod house;
mod limits;
mod listeners;
mod machine;
mod numbers;
mod pages;
mod peer;
mod people;
mod person;
mod process;
mod prototype;
mod receipts;
mod report;
mod screens;
mod toll;
mod town;
mod webhooks;

use std::process::ExitCode;

use clap::Parser;
use report::Report;

/// What to measure.
#[derive(Parser)]
struct Arguments {
    /// One part: a, b, c or d.
    #[arg(long)]
    only: Option<String>,
    /// A fifth of the work.
    #[arg(long)]
    quick: bool,
    /// Cargo says so to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

/// How much is done.
#[derive(Clone, Copy)]
struct Scale {
    quick: bool,
}

impl Scale {
    /// So many, or a fifth of them.
    fn of(self, full: u32) -> u32 {
        if self.quick { full / 5 } else { full }
    }

    /// How often what is compared takes turns.
    fn rounds(self) -> usize {
        if self.quick { 1 } else { 3 }
    }
}

fn main() -> ExitCode {
    // A service of the house in a process of its own is this very binary: what is measured is never
    // an older build.
    let mut words = std::env::args().skip(1);
    if words.next().as_deref() == Some(process::SERVE) {
        return process::serve(&words.next().unwrap_or_default());
    }
    match measure(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("the benchmark could not be made: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(arguments: &Arguments) -> anyhow::Result<()> {
    telemetry::install_tls_provider();
    let scale = Scale { quick: arguments.quick };
    let wanted = |part: &str| arguments.only.as_deref().is_none_or(|only| only == part);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let mut report = Report::default();
    runtime.block_on(async {
        report.tell(format!("before all: {}", machine::others().await));
        if wanted("a") {
            receipts::measure(scale, &mut report).await?;
            report.tell(format!("after (a): {}", machine::others().await));
        }
        if wanted("b") {
            flow::measure(scale, &mut report).await?;
            report.tell(format!("after (b): {}", machine::others().await));
        }
        if wanted("c") {
            numbers::measure(scale, &mut report).await?;
            report.tell(format!("after (c): {}", machine::others().await));
        }
        if wanted("d") {
            people::measure(scale, &mut report).await?;
            report.tell(format!("after (d): {}", machine::others().await));
        }
        anyhow::Ok(())
    })?;
    report.print();
    Ok(())
}
