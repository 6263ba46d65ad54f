//! The account that is tortured: sixteen numbers with ample rates, rules, a model, and people with
//! tokens.

use anyhow::Context;
use diesel_async::SimpleAsyncConnection;
use domain::Role;
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

/// Screens that are open.
const SCREENS: usize = 20;

/// What was written.
pub struct Seeded {
    pub numbers: Vec<String>,
    /// With which screens sign in, each with its own.
    pub screens: Vec<String>,
    /// With which the person who texts signs in.
    pub person: String,
}

/// Writes it.
pub async fn account(database: &testkit::TestDb) -> anyhow::Result<Seeded> {
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
    let mut screens = Vec::new();
    for _ in 0..SCREENS {
        let viewer = world::user(&mut conn, account, Role::Viewer).await;
        screens.push(world::token(&mut conn, account, viewer, &["live:read"]).await);
    }
    let agent = world::user(&mut conn, account, Role::Agent).await;
    let may = ["conversations:send", "conversations:write"];
    let person = world::token(&mut conn, account, agent, &may).await;
    Ok(Seeded { numbers, screens, person })
}
