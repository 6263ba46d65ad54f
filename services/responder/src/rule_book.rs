//! Compiled rules, kept between requests: an expression costs more to compile than to try.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::StaticResponseId;
use domain::store::responder::StaticRow;

use crate::static_response::Pattern;

/// More than any house needs; beyond it we start over rather than grow for ever.
const MAX_RULES: usize = 20_000;

/// Rules by id. An id belongs to one account for good, so nothing is shared between accounts.
#[derive(Default)]
pub struct RuleBook {
    compiled: Mutex<HashMap<StaticResponseId, Entry>>,
}

struct Entry {
    kind: String,
    source: String,
    /// `None` when it is broken; that was logged when it was found out.
    pattern: Option<Arc<Pattern>>,
}

impl RuleBook {
    /// The pattern of a rule; `None` for a broken one, which is logged once, with its id.
    pub fn pattern(&self, rule: &StaticRow) -> Option<Arc<Pattern>> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = compiled.get(&rule.id)
            && entry.kind == rule.kind
            && entry.source == rule.pattern
        {
            return entry.pattern.clone();
        }
        let pattern = match Pattern::compile(&rule.kind, &rule.pattern) {
            Ok(pattern) => Some(Arc::new(pattern)),
            Err(error) => {
                // Without its source: a regex error quotes the expression.
                tracing::warn!(rule.id = %rule.id, %error, "rule {} is skipped until it is changed", rule.id);
                None
            }
        };
        if compiled.len() >= MAX_RULES {
            compiled.clear();
        }
        let entry = Entry {
            kind: rule.kind.clone(),
            source: rule.pattern.clone(),
            pattern: pattern.clone(),
        };
        compiled.insert(rule.id, entry);
        pattern
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_rule_is_compiled_anew() {
        let book = RuleBook::default();
        let mut rule = StaticRow {
            id: StaticResponseId::generate(),
            name: "r".to_owned(),
            kind: "regex".to_owned(),
            pattern: "(".to_owned(),
            body: "answer".to_owned(),
            language: None,
            priority: 0,
            hours: "always".to_owned(),
            enabled: true,
        };
        assert!(book.pattern(&rule).is_none());
        assert!(book.pattern(&rule).is_none());
        rule.pattern = "hola".to_owned();
        assert!(book.pattern(&rule).unwrap().matches("Hola"));
        rule.kind = "keyword".to_owned();
        assert!(!book.pattern(&rule).unwrap().matches("hola a todos"));
    }
}
