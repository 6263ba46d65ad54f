//! The account that is tortured: sixteen numbers with ample rates, rules, and a model.

use anyhow::Context;
use diesel_async::SimpleAsyncConnection;
use testkit::world::{self, Traits};

const FACTS: &str = "\
Sala Coyoacan de tres piezas: $14,900 MXN.
Comedor Tepoztlan de seis sillas: $11,500 MXN.
La entrega en la Ciudad de Mexico es gratis y tarda de 3 a 5 dias.
Hay meses sin intereses con tarjeta: 3, 6 y 12.
La garantia es de 2 anos en estructura y 1 en tela.";

const RULES: [(&str, &str); 4] = [
    ("hola", "Hola, gracias por escribir. ¿Busca sala, comedor o recamara?"),
    ("horario", "Abrimos de lunes a sabado de 9 a 19 horas."),
    ("ubicacion", "Estamos en Avenida Cuauhtemoc 462, colonia Doctores."),
    ("catalogo", "Sala $14,900, comedor $11,500, cama $6,800. ¿Cual le interesa?"),
];

/// Words that a rule answers.
pub fn words() -> impl Iterator<Item = &'static str> {
    RULES.into_iter().map(|(word, _)| word)
}

/// Writes it; returns its numbers.
pub async fn account(database: &testkit::TestDb) -> anyhow::Result<Vec<String>> {
    let mut conn = database.conn().await;
    let account = world::account(&mut conn, "Muebles La Esperanza").await;
    let mut numbers = Vec::new();
    for _ in 0..16 {
        let traits = Traits { segments_per_second: 50.0, ..Traits::default() };
        let (_, number) = world::number(&mut conn, account, traits).await;
        numbers.push(number.as_e164().to_owned());
    }
    world::profile(&mut conn, account, FACTS, 0).await;
    for (word, answer) in RULES {
        world::static_response(&mut conn, account, word, answer).await;
    }
    // A long run must not end in a budget.
    let ample = "UPDATE assistant_profiles SET max_replies_per_day = 10000000, max_tokens_per_day = 100000000000";
    conn.batch_execute(ample).await.context("the budget")?;
    Ok(numbers)
}
