use std::sync::Arc;

use domain::StaticResponseId;
use proptest::prelude::*;

use super::*;

fn rule(name: &str, kind: &str, pattern: &str) -> StaticRow {
    StaticRow {
        id: StaticResponseId::generate(),
        name: name.to_owned(),
        kind: kind.to_owned(),
        pattern: pattern.to_owned(),
        body: format!("answer of {name}"),
        language: None,
        priority: 0,
        hours: "always".to_owned(),
        enabled: true,
    }
}

fn compiled(rule: &StaticRow) -> Option<Arc<Pattern>> {
    Pattern::compile(&rule.kind, &rule.pattern).ok().map(Arc::new)
}

/// Wednesday the 4th of March 2026.
fn at(text: &str, hour: u32) -> Occasion<'_> {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 4).unwrap();
    Occasion {
        text,
        language: Language::Spanish,
        local: day.and_hms_opt(hour, 0, 0).unwrap(),
        hours: Some(BusinessHours::MEXICAN_ADVERTISING),
    }
}

fn found<'r>(rules: &'r [StaticRow], occasion: &Occasion<'_>) -> Option<&'r str> {
    find(rules, occasion, compiled).map(|rule| rule.name.as_str())
}

#[test]
fn what_each_kind_looks_for() {
    for (kind, pattern, text, matches) in [
        ("keyword", "horario, ubicación", "¡Horario!", true),
        ("keyword", "horario, ubicación", " UBICACION. ", true),
        ("keyword", "horario", "¿cuál es su horario?", false),
        ("keyword", "buenos días", "Buenos   dias", true),
        ("phrase", "código postal", "¿Cuál es su CODIGO POSTAL?", true),
        ("phrase", "postal", "postales", false),
        ("phrase", "a domicilio", "envían a, domicilio", true),
        ("regex", r"\bfactur\w+", "Necesito FACTURACIÓN", true),
        ("regex", r"^facturacion$", "facturación", true),
        ("regex", r"^\d{5}$", "06600", true),
        ("regex", r"^\d{5}$", "el 06600", false),
    ] {
        let pattern_of = Pattern::compile(kind, pattern).unwrap();
        assert_eq!(pattern_of.matches(text), matches, "{kind} {pattern}: {text}");
    }
}

#[test]
fn the_highest_priority_wins_and_names_break_ties() {
    let rules = [
        StaticRow { priority: 1, ..rule("b", "phrase", "precio") },
        StaticRow { priority: 1, ..rule("a", "phrase", "precio") },
        StaticRow { priority: 0, ..rule("0", "phrase", "precio") },
        StaticRow { priority: 9, ..rule("z", "phrase", "otra cosa") },
    ];
    assert_eq!(found(&rules, &at("el precio", 12)), Some("a"));
    assert_eq!(found(&rules, &at("hola", 12)), None);
}

#[test]
fn a_rule_may_be_for_open_or_closed_hours_only() {
    let rules = [
        StaticRow { hours: "open".to_owned(), ..rule("open", "regex", ".") },
        StaticRow { hours: "closed".to_owned(), ..rule("closed", "regex", ".") },
    ];
    assert_eq!(found(&rules, &at("hola", 12)), Some("open"));
    assert_eq!(found(&rules, &at("hola", 22)), Some("closed"));
    let never_closes = Occasion { hours: None, ..at("hola", 22) };
    assert_eq!(found(&rules, &never_closes), Some("open"));
}

#[test]
fn a_rule_may_be_for_one_language_only() {
    let rules = [
        StaticRow { language: Some("en".to_owned()), ..rule("english", "phrase", "menu") },
        StaticRow { language: Some("es".to_owned()), ..rule("spanish", "phrase", "menu") },
    ];
    assert_eq!(found(&rules, &at("menu", 12)), Some("spanish"));
    let english = Occasion { language: Language::English, ..at("menu", 12) };
    assert_eq!(found(&rules, &english), Some("english"));
}

#[test]
fn a_broken_rule_is_skipped() {
    let rules = [
        StaticRow { priority: 9, ..rule("no expression", "regex", "(") },
        StaticRow { priority: 8, ..rule("too large", "regex", r"\w{1000}{1000}") },
        StaticRow { priority: 7, ..rule("no words", "keyword", " , ,¿?") },
        StaticRow { priority: 6, ..rule("no such kind", "semantic", "hola") },
        rule("sound", "phrase", "hola"),
    ];
    assert_eq!(found(&rules, &at("hola", 12)), Some("sound"));
    assert!(matches!(Pattern::compile("phrase", "..."), Err(BrokenRule::NoWords)));
}

proptest! {
    #[test]
    fn matching_never_panics(kind in "keyword|phrase|regex|other", pattern in ".{0,40}", text in ".{0,200}") {
        if let Ok(pattern) = Pattern::compile(&kind, &pattern) {
            pattern.matches(&text);
        }
    }

    #[test]
    fn a_keyword_matches_itself_however_it_is_shouted(word in "[a-zñáéíóú]{1,12}( [a-z]{1,8})?") {
        let pattern = Pattern::compile("keyword", &format!("otro,{word}")).unwrap();
        let shouted = format!("  ¡{}!  ", word.to_uppercase());
        prop_assert!(pattern.matches(&shouted), "{shouted}");
    }

    #[test]
    fn the_winner_has_the_highest_priority_of_all_that_match(priorities in prop::collection::vec(-5..5_i32, 1..8)) {
        let rules: Vec<StaticRow> = priorities
            .iter()
            .enumerate()
            .map(|(i, priority)| StaticRow { priority: *priority, ..rule(&format!("r{i}"), "phrase", "hola") })
            .collect();
        let winner = find(&rules, &at("hola", 12), compiled).unwrap();
        prop_assert_eq!(Some(&winner.priority), priorities.iter().max());
    }
}
