use proptest::prelude::*;

use super::*;

#[derive(serde::Deserialize)]
struct Vectors {
    vectors: Vec<Vector>,
}

#[derive(serde::Deserialize)]
struct Vector {
    id: String,
    text: String,
    plain: Expected,
}

#[derive(serde::Deserialize)]
struct Expected {
    encoding: String,
    segments: u16,
    message_bits: u32,
}

fn in_gsm7(text: &str) -> bool {
    segments_of(text).encoding == Encoding::Gsm7
}

#[test]
fn twilios_own_calculator_counts_the_same() {
    let recorded = include_str!("fixtures/sms_segments_vectors.json");
    let Vectors { vectors } = serde_json::from_str(recorded).unwrap();
    assert!(!vectors.is_empty());
    for Vector { id, text, plain } in vectors {
        let ours = segments_of(&text);
        let bits = match ours.encoding {
            Encoding::Gsm7 => ours.units * 7,
            Encoding::Ucs2 => ours.units * 16,
        };
        assert_eq!(
            (ours.encoding.as_str(), ours.count(), bits),
            (plain.encoding.as_str(), plain.segments, plain.message_bits),
            "{id}"
        );
    }
}

#[test]
fn a_character_of_two_units_is_not_split_across_parts() {
    // 153 septets a part: the euro would take the 153rd and 154th, and moves over whole.
    let euro = format!("{}€{}", "a".repeat(152), "a".repeat(152));
    assert_eq!((segments_of(&euro).units, segments_of(&euro).count()), (306, 3));
    // 67 units a part: 33 emoji fill 66, and the next one moves over whole.
    let emoji = "👍".repeat(67);
    assert_eq!((segments_of(&emoji).units, segments_of(&emoji).count()), (134, 3));
}

#[test]
fn folding_takes_the_accents_that_cost_and_leaves_the_others() {
    for (written, folded) in [
        ("Está listo, ¿mañana?", "Esta listo, ¿mañana?"),
        ("PINGÜINO, José: ¡qué útil!", "PINGÜINO, José: ¡qué util!"),
        ("“Sí” – dijo… ‘no’\u{a0}", "\"Si\" - dijo... 'no' "),
        ("man\u{303}ana, cafe\u{301}, esta\u{301}", "mañana, café, esta"),
        ("Hola 👍", "Hola 👍"),
    ] {
        assert_eq!(fold_to_gsm7(written), folded);
    }
    assert!(!in_gsm7("Está listo") && in_gsm7(&fold_to_gsm7("Está listo")));
}

proptest! {
    #[test]
    fn folding_twice_is_folding_once(text in "[a-zñáéíóúü“”…\u{301}\u{303}\u{308}👍 ]{0,80}") {
        let once = fold_to_gsm7(&text);
        prop_assert_eq!(fold_to_gsm7(&once), once);
    }

    #[test]
    fn a_text_in_gsm7_is_left_as_it_is(text in "[ -_a-zñÑéÉüÜ¿¡€]{0,200}") {
        prop_assert!(in_gsm7(&text));
        prop_assert_eq!(fold_to_gsm7(&text), text);
    }

    #[test]
    fn parts_are_as_few_as_their_size_allows_and_no_more_than_one_unit_each_is_lost(text in ".{0,600}") {
        let segments = segments_of(&text);
        let (units, count) = (segments.units, u32::from(segments.count()));
        let (alone, in_part) = (segments.encoding.alone(), segments.encoding.in_part());
        if units <= alone {
            prop_assert_eq!(count, 1);
        } else {
            prop_assert!(count >= units.div_ceil(in_part));
            prop_assert!(count <= units.div_ceil(in_part - 1));
        }
    }
}
