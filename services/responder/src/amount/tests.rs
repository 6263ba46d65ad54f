use proptest::prelude::*;

use super::figure::value;
use super::*;

const FACTS: &str = "Colchón individual 1299, matrimonial $3,499.00 MXN, king 7 999 pesos. \
    10% de descuento al pagar de contado. Modelo importado: USD 450. Envío gratis. \
    Instalación: doscientos pesos. Abrimos de 9:00 a 18:00 los 7 días.";

fn may_say(facts: &str, said: &str) -> bool {
    Amounts::of(facts).cover(&Amounts::of(said))
}

#[test]
fn the_same_number_in_many_spellings() {
    for raw in ["1299", "1,299", "1,299.00", "1.299,00", "1 299", "1'299", "1299.0"] {
        assert_eq!(value(raw), 129_900, "{raw}");
    }
    assert_eq!(value("1.5"), 150);
    assert_eq!(value("99999999999999999999999"), u64::MAX);
}

#[test]
fn what_is_in_the_facts_may_be_said() {
    for said in [
        "El individual cuesta $1,299.00",
        "El individual cuesta 1299 pesos, el matrimonial MXN 3,499",
        "El king sale en $7,999 M.N.",
        "Tiene 10 % de descuento, o sea diez... bueno, 10 por ciento",
        "El importado cuesta 450 dólares (US$450)",
        "El envío es gratis",
        "La instalación cuesta doscientos pesos",
        "Abrimos de 9 a 18, los 7 días; su pedido 4512 llega el día 5",
        "Feel free to ask. Entrega en 2 a 3 días",
        "Su cita queda a las 17:00",
        "El precio de 2 colchones depende del modelo",
        "O sea $3.499 de contado, un millón de gracias",
    ] {
        assert!(may_say(FACTS, said), "{said}");
    }
}

#[test]
fn what_is_not_in_the_facts_may_not() {
    for said in [
        "Se lo dejo en $999",
        "Cuesta 999 pesos",
        "Cuesta 50",
        "Sale en 950",
        "El total es de 1,000",
        "Son 1298 MXN",
        "500pesos",
        "US$1299",
        "1,299 dólares",
        "El importado: 450 euros",
        "$1\u{200b}0",
        "$5\u{fe0f}\u{20e3}0\u{fe0f}\u{20e3}",
        "＄９９９",
        "999€",
        "de 500 a 1299 pesos",
        "$1299-1500",
        "15% de descuento",
        "20 por ciento",
        "mil pesos",
        "quinientos pesos",
        "five hundred dollars",
        "2 mil pesos",
        "$2k",
        "$ 1,2999",
        "**$500**",
        "$9",
        "veinte por ciento de descuento",
    ] {
        assert!(!may_say(FACTS, said), "{said}");
    }
    assert!(!may_say("Envío: $99", "El envío es gratis"));
    assert!(!may_say("Shipping: $99", "Free shipping!"));
    assert!(!may_say("Abrimos de 9 a 18", "Cuesta $18"));
}

fn spelled(whole: u64, spelling: u8) -> String {
    let digits = whole.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap())
        .collect();
    match spelling % 4 {
        0 => digits,
        1 => groups.join(","),
        2 => format!("{}.00", groups.join(",")),
        _ => format!("{},00", groups.join(".")),
    }
}

proptest! {
    #[test]
    fn a_price_passes_if_and_only_if_it_is_in_the_facts(
        known in prop::collection::btree_set(1..200_000_u64, 0..6),
        said in 1..200_000_u64,
        repeat in any::<prop::sample::Index>(),
        from_facts in any::<bool>(),
        spelling in any::<(u8, u8)>(),
        form in 0..6_usize,
        // Without vowels no word of money comes about: `un MXN 1` is read strictly, as two amounts.
        around in "[bcdfgh ,.!]{0,20}",
    ) {
        let said = match known.iter().nth(repeat.index(known.len().max(1))) {
            Some(price) if from_facts => *price,
            _ => said,
        };
        let facts: Vec<String> =
            known.iter().map(|price| format!("Uno: ${}", spelled(*price, spelling.0))).collect();
        let number = spelled(said, spelling.1);
        let price = match form {
            0 => format!("${number}"),
            1 => format!("{number} pesos"),
            2 => format!("MXN {number}"),
            3 => format!("$ {number} MXN"),
            4 => format!("cuesta {number}"),
            _ => format!("{number} M.N."),
        };
        let passes = may_say(&facts.join("\n"), &format!("{around} {price}; {around}"));
        prop_assert_eq!(passes, known.contains(&said), "{}", price);
    }

    #[test]
    fn reading_never_panics(text in ".{0,200}", money in "[$0-9., a-zé%€'-]{0,60}") {
        let (one, other) = (Amounts::of(&text), Amounts::of(&money));
        let _ = one.cover(&other);
        prop_assert!(other.unreadable || other.cover(&other));
    }
}
