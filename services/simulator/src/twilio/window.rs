//! The filters of the Messages list: To, From, and DateSent by day or by moment, in GMT.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::message::Message;
use crate::twilio::error::Refusal;

type Span = (DateTime<Utc>, DateTime<Utc>);

#[derive(Debug, Default)]
pub(crate) struct Window {
    pub to: Option<String>,
    pub from: Option<String>,
    not_before: Option<DateTime<Utc>>,
    before: Option<DateTime<Utc>>,
}

impl Window {
    /// `DateSent` is a day; `DateSent>` (on the wire `DateSent>=…`) its begin or later,
    /// `DateSent<` its end or earlier.
    pub fn parse(pairs: &[(String, String)]) -> Result<Self, Refusal> {
        let mut window = Self::default();
        for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
            match name.as_str() {
                "To" => window.to = Some(value.clone()),
                "From" => window.from = Some(value.clone()),
                "DateSent" => {
                    // The official libraries write the day as a moment; it is the day still.
                    let (begin, end) = day(span(value)?.0.date_naive());
                    window.not_before = Some(begin);
                    window.before = Some(end);
                }
                "DateSent>" => window.not_before = Some(span(value)?.0),
                "DateSent<" => window.before = Some(span(value)?.1),
                _ => {}
            }
        }
        Ok(window)
    }

    /// A text that is still queued has no date of sending; it counts by its creation, so that a
    /// reconciliation by date can find it.
    pub fn contains(&self, message: &Message) -> bool {
        let at = message.sent_at.unwrap_or(message.created_at);
        self.to.as_ref().is_none_or(|to| *to == message.to)
            && self.from.as_ref().is_none_or(|from| *from == message.from)
            && self.not_before.is_none_or(|begin| at >= begin)
            && self.before.is_none_or(|end| at < end)
    }
}

/// A day, or a moment as the shortest span that holds it; the end is not in it.
fn span(value: &str) -> Result<Span, Refusal> {
    if let Ok(date) = value.parse::<NaiveDate>() {
        return Ok(day(date));
    }
    let at = DateTime::parse_from_rfc3339(value)
        .map_err(|_| Refusal::saying(20001, format!("Invalid date: {value}")))?
        .to_utc();
    Ok((at, at + TimeDelta::seconds(1)))
}

fn day(date: NaiveDate) -> Span {
    let begin = date.and_time(NaiveTime::MIN).and_utc();
    (begin, begin.checked_add_days(Days::new(1)).unwrap_or(begin))
}
