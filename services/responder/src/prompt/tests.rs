use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;

pub(crate) fn profile(facts: &str) -> ProfileRow {
    ProfileRow {
        enabled: true,
        display_name: "Sofía".to_owned(),
        instructions: "Hablas de usted.".to_owned(),
        facts: facts.to_owned(),
        max_segments: 2,
        max_replies_per_day: 1000,
        max_tokens_per_day: 1_000_000,
        open_days: 127,
        open_from_minute: 540,
        open_to_minute: 1140,
    }
}

fn row(direction: &str, body: &str) -> TurnRow {
    TurnRow { direction: direction.to_owned(), body: body.to_owned() }
}

fn material<'a>(profile: &'a ProfileRow, turns: &'a [TurnRow]) -> Material<'a> {
    Material {
        profile,
        account_name: "Colchones Luna",
        contact_name: "Ana\nLópez",
        language: Language::Spanish,
        local: chrono::NaiveDate::from_ymd_opt(2026, 11, 22)
            .unwrap()
            .and_hms_opt(14, 5, 0)
            .unwrap(),
        zone: Zone::MEXICO_CITY,
        is_open: true,
        turns,
    }
}

#[test]
fn the_model_is_told_who_it_is_what_it_knows_and_what_it_is_now() {
    let profile = profile("Matrimonial: $3,499.");
    let turns = [row("outbound", "Hola"), row("inbound", "¿precio?")];

    let prompt = prompt(&material(&profile, &turns), Some(Unfit::Amount));

    assert_snapshot!(prompt.instructions);
    assert_snapshot!(prompt.situation, @r"
    The customer is called Ana López.
    The customer speaks Spanish.
    Where you answer from it is Sunday 22 November 2026, 14:05 (2:05 pm), America/Mexico_City.
    The business that you answer for is open now.
    A draft of your answer was refused: it has a price, a discount or a gift that is not in the facts.
    ");
    assert!(prompt.turns == [Turn::Us("Hola".to_owned()), Turn::Customer("¿precio?".to_owned())]);
}

#[test]
fn what_may_be_cached_does_not_change_with_the_hour_or_the_customer() {
    let profile = profile("Matrimonial: $3,499.");
    let one = [row("inbound", "hola")];
    let other = [row("inbound", "adiós")];
    let later = Material {
        contact_name: "Luis",
        language: Language::English,
        is_open: false,
        ..material(&profile, &other)
    };

    let (one, other) = (prompt(&material(&profile, &one), None), prompt(&later, Some(Unfit::Link)));

    assert_eq!(one.instructions, other.instructions);
    assert_ne!(one.situation, other.situation);
}

proptest! {
    #[test]
    fn the_customers_words_are_in_their_turn_and_nowhere_else(words in "[A-Z]{12,40}") {
        let profile = profile("Matrimonial: $3,499.");
        let turns = [row("inbound", &words)];

        let prompt = prompt(&material(&profile, &turns), Some(Unfit::Empty));

        prop_assert!(!prompt.instructions.contains(&words) && !prompt.situation.contains(&words));
        prop_assert!(prompt.turns == [Turn::Customer(words)]);
    }

    #[test]
    fn a_name_stays_on_its_line(name in "\\PC{0,30}[\\n\\r\\t]{0,3}\\PC{0,300}") {
        let name = super::name(&name);
        prop_assert!(name.chars().count() <= LONGEST_NAME && !name.contains(['\n', '\r', '\t']));
    }
}
