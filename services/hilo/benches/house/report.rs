//! Figures, each beside what it is measured against, and the table of them.

use hdrhistogram::Histogram;
use serde_json::json;

use crate::machine;

/// All that was measured.
#[derive(Default)]
pub struct Report {
    figures: Vec<Figure>,
    notes: Vec<String>,
}

/// A figure and what it is measured against.
pub struct Figure {
    part: &'static str,
    what: String,
    value: f64,
    unit: &'static str,
    against: Option<(String, f64)>,
    target: Option<Target>,
    note: String,
}

/// What is asked for; of the ratio, or of the value itself where the issue names a value.
#[derive(Clone, Copy)]
pub enum Target {
    RatioAtLeast(f64),
    RatioAtMost(f64),
    AtMost(f64),
}

impl Figure {
    /// A figure of a part.
    pub fn new(
        part: &'static str,
        what: impl Into<String>,
        value: f64,
        unit: &'static str,
    ) -> Self {
        let (what, note) = (what.into(), String::new());
        Self { part, what, value, unit, against: None, target: None, note }
    }

    /// The same thing done by another, or the limit, in the same run and unit.
    pub fn against(mut self, whom: impl Into<String>, value: f64) -> Self {
        self.against = Some((whom.into(), value));
        self
    }

    /// What is asked for.
    pub fn target(mut self, target: Target) -> Self {
        self.target = Some(target);
        self
    }

    /// What else is to be known.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    fn ratio(&self) -> Option<f64> {
        self.against.as_ref().map(|(_, other)| self.value / other)
    }

    /// Whether the target is met, and in words what it is.
    fn verdict(&self) -> (Option<bool>, String) {
        let ratio = self.ratio().unwrap_or(f64::NAN);
        match self.target {
            None => (None, String::new()),
            Some(Target::RatioAtLeast(least)) => (Some(ratio >= least), format!("≥ {least}x")),
            Some(Target::RatioAtMost(most)) => (Some(ratio <= most), format!("≤ {most}x")),
            Some(Target::AtMost(most)) => {
                (Some(self.value <= most), format!("≤ {most} {}", self.unit))
            }
        }
    }

    fn json(&self) -> String {
        let (met, target) = self.verdict();
        json!({
            "part": self.part, "what": self.what, "value": self.value, "unit": self.unit,
            "against": self.against.as_ref().map(|(whom, _)| whom),
            "against_value": self.against.as_ref().map(|(_, value)| value),
            "ratio": self.ratio(), "target": target, "met": met, "note": self.note,
        })
        .to_string()
    }

    fn row(&self) -> [String; 6] {
        let (met, target) = self.verdict();
        let mark = match met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "",
        };
        let against = self.against.as_ref();
        [
            self.part.to_owned(),
            self.what.clone(),
            format!("{} {}", short(self.value), self.unit),
            against.map(|(whom, value)| format!("{} {whom}", short(*value))).unwrap_or_default(),
            self.ratio().map(|ratio| format!("{}x", short(ratio))).unwrap_or_default(),
            format!("{target} {mark}").trim().to_owned(),
        ]
    }
}

impl Report {
    /// Adds a figure, and prints its line at once.
    pub fn add(&mut self, figure: Figure) {
        println!("{}", figure.json());
        self.figures.push(figure);
    }

    /// What the reader must know of the circumstances.
    pub fn tell(&mut self, note: String) {
        println!("{}", json!({ "note": note }));
        self.notes.push(note);
    }

    /// The table.
    pub fn print(&self) {
        let head = ["", "what", "measured", "against", "ratio", "target"].map(str::to_owned);
        let rows: Vec<[String; 6]> =
            std::iter::once(head).chain(self.figures.iter().map(Figure::row)).collect();
        let mut widths = [0; 6];
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        println!();
        for row in &rows {
            let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
            println!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
        }
        println!();
        for figure in self.figures.iter().filter(|figure| !figure.note.is_empty()) {
            println!("({}) {}: {}", figure.part, figure.what, figure.note);
        }
        for note in &self.notes {
            println!("{note}");
        }
        println!("{}", machine::now());
    }
}

/// Three digits that count.
pub fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// A latency in milliseconds, at a quantile of microseconds.
pub fn ms(taken: &Histogram<u64>, quantile: f64) -> f64 {
    taken.value_at_quantile(quantile) as f64 / 1_000.0
}

/// Three of them in words.
pub fn percentiles(taken: &Histogram<u64>) -> String {
    let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|quantile| short(ms(taken, quantile)));
    format!("p50 {p50}, p95 {p95}, p99 {p99} ms")
}

/// The middle of several runs, and in words how far they lie apart.
pub fn median(mut runs: Vec<f64>) -> (f64, String) {
    runs.sort_by(f64::total_cmp);
    let middle = runs.get(runs.len() / 2).copied().unwrap_or(f64::NAN);
    let spread = match (runs.first(), runs.last()) {
        (Some(least), Some(most)) if runs.len() > 1 => {
            format!("median of {} runs, {}-{}", runs.len(), short(*least), short(*most))
        }
        _ => "one run".to_owned(),
    };
    (middle, spread)
}
