//! What simulated customers say. Greetings and single words meet Hilo's static responses, full
//! questions meet the model, ALTO and STOP meet the law.

use rand::Rng;
use rand::rngs::StdRng;

pub(super) struct Script {
    pub steps: &'static [Step],
    /// Afterwards this customer never texts again.
    pub is_farewell: bool,
}

pub(super) enum Step {
    /// Texts and waits for the answer.
    Ask(&'static str),
    /// Texts and expects nothing.
    Say(&'static str),
    /// Several texts at once that deserve one answer.
    Burst(&'static [&'static str]),
}

use Step::{Ask, Burst, Say};

static EVERYDAY: [Script; 8] = [
    Script {
        steps: &[Ask("Hola"), Ask("¿Cuánto tarda el envío a Guadalajara?"), Say("Gracias")],
        is_farewell: false,
    },
    Script {
        steps: &[
            Burst(&["hola", "vi su anuncio", "¿todavía hay paquetes de 10 piezas?"]),
            Ask("¿Y el precio con factura?"),
            Say("ok"),
        ],
        is_farewell: false,
    },
    Script {
        steps: &[Ask("precio"), Ask("¿Me hacen descuento por mayoreo?"), Say("Muchas gracias")],
        is_farewell: false,
    },
    Script {
        steps: &[Ask("horario"), Ask("¿Abren los domingos?"), Say("Gracias")],
        is_farewell: false,
    },
    Script {
        steps: &[
            Ask("Buenas tardes, mi pedido llegó incompleto"),
            Ask("Quiero hablar con una persona, por favor"),
        ],
        is_farewell: false,
    },
    Script {
        steps: &[Ask("¿Aceptan tarjeta o solo transferencia?"), Ask("¿Y a meses sin intereses?")],
        is_farewell: false,
    },
    Script {
        steps: &[Ask("Hello, do you deliver to Cancun?"), Ask("How much is it?"), Say("Thanks")],
        is_farewell: false,
    },
    Script {
        steps: &[Ask("¿Tienen garantía?"), Ask("¿Cómo hago un cambio?"), Say("gracias")],
        is_farewell: false,
    },
];

static FAREWELLS: [Script; 2] = [
    Script {
        steps: &[Ask("hola"), Ask("¿Qué promociones tienen?"), Say("ALTO")],
        is_farewell: true,
    },
    Script { steps: &[Ask("¿Quién es?"), Say("STOP")], is_farewell: true },
];

/// The script that the customer at this place begins with: the eight everyday ones with a
/// farewell after the third and after the sixth.
pub(super) fn opening(place: usize) -> &'static Script {
    let [alto, stop] = &FAREWELLS;
    let [a, b, c, d, e, f, g, h] = &EVERYDAY;
    match place % 10 {
        0 => a,
        1 => b,
        2 => c,
        3 => alto,
        4 => d,
        5 => e,
        6 => stop,
        7 => f,
        8 => g,
        _ => h,
    }
}

/// Any everyday script: those who stay don't leave later, or the demo would run empty.
pub(super) fn again(dice: &mut StdRng) -> &'static Script {
    EVERYDAY.get(dice.random_range(0..EVERYDAY.len())).unwrap_or(opening(0))
}
