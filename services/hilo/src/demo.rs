//! The demo's account: a shop that sells furniture in Mexico City, its sixteen numbers, what its
//! assistant knows and what is answered without asking it.

use anyhow::Context;
use diesel_async::pooled_connection::deadpool::Object;
use domain::store::conversations::write::{NewNumber, add_number};
use domain::store::responder::write::{NewProfile, NewStatic, create_static, save_profile};
use domain::store::{Pool, Tx, gateway};
use domain::{AccountId, Clock, NumberId, PhoneNumber, StaticResponseId, SystemClock};
use uuid::Uuid;

/// The account is the same after every start.
const ACCOUNT: AccountId =
    AccountId::from_uuid(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0001));

const FACTS: &str = "\
Muebles La Esperanza, fundada en 1987, tiene taller propio en la colonia Doctores.
Sala Coyoacan de tres piezas: $14,900 MXN.
Comedor Tepoztlan de seis sillas: $11,500 MXN.
Cama matrimonial Oaxaca: $6,800 MXN.
Colchon matrimonial Descanso: $4,200 MXN.
La entrega en la Ciudad de Mexico es gratis y tarda de 3 a 5 dias.
Fuera de la ciudad la entrega cuesta $900 MXN y tarda de 7 a 10 dias.
Hay meses sin intereses con tarjeta: 3, 6 y 12.
La garantia es de 2 anos en estructura y 1 en tela.
La tienda esta en Avenida Cuauhtemoc 462, abierta de lunes a sabado de 9 a 19 horas.
Se hacen muebles a la medida en 4 semanas con 50% de anticipo.";

const INSTRUCTIONS: &str = "\
Usted vende muebles con calma y sin presionar. Trate al cliente de usted.
Si el cliente pide algo que no esta en los datos, ofrezca que un asesor le llame.";

const RULES: [(&str, &str, &str, &str, i32); 5] = [
    (
        "saludo",
        "keyword",
        "hola, buenas, buenos dias, buenas tardes, buenas noches",
        "Hola, gracias por escribir a Muebles La Esperanza. ¿Busca sala, comedor o cama?",
        10,
    ),
    (
        "horario",
        "phrase",
        "horario, a que hora abren, a que hora cierran, estan abiertos",
        "Abrimos de lunes a sabado de 9 a 19 horas en Avenida Cuauhtemoc 462.",
        20,
    ),
    (
        "ubicacion",
        "phrase",
        "donde estan, ubicacion, direccion",
        "Estamos en Avenida Cuauhtemoc 462, colonia Doctores. ¿Gusta que le apartemos una cita?",
        20,
    ),
    (
        "catalogo",
        "phrase",
        "catalogo, lista de precios",
        "Sala Coyoacan $14,900, comedor Tepoztlan $11,500, cama Oaxaca $6,800. ¿Cual le interesa?",
        15,
    ),
    (
        "pedido",
        "regex",
        r"\bpedido\s+#?\d{3,}",
        "Gracias. Un asesor revisa su pedido y le escribe hoy mismo.",
        30,
    ),
];

/// The demo's own numbers: sixteen of a range that Mexico has not given to anyone.
pub fn numbers() -> anyhow::Result<Vec<PhoneNumber>> {
    (1..=16_u32)
        .map(|index| PhoneNumber::parse(&format!("+5255500000{index:02}")).context("a demo number"))
        .collect()
}

/// Writes the demo's account; a second start finds it and changes nothing but its rules.
pub async fn seed(pool: &Pool) -> anyhow::Result<()> {
    let mut conn: Object<Tx> = pool.get().await.context("no connection to seed the demo")?;
    let conn: &mut Tx = &mut conn;
    gateway::write::create_account(
        conn,
        ACCOUNT,
        "Muebles La Esperanza",
        "America/Mexico_City",
        "es",
    )
    .await?;
    for (index, phone_number) in numbers()?.into_iter().enumerate() {
        let number = NewNumber {
            id: NumberId::generate(),
            account: ACCOUNT,
            phone_number,
            label: format!("Línea {}", index + 1),
            priority: 1,
            new_recipients_per_day: 200,
            segments_per_second: 1.0,
        };
        add_number(conn, &number).await?;
    }
    let profile = NewProfile {
        display_name: "Lupita",
        instructions: INSTRUCTIONS,
        facts: FACTS,
        debounce_ms: 2_000,
        ..NewProfile::default()
    };
    save_profile(conn, ACCOUNT, &profile, SystemClock.now()).await?;
    for (name, kind, pattern, body, priority) in RULES {
        let (language, hours, enabled) = (None, "always", true);
        let rule = NewStatic { name, kind, pattern, body, language, priority, hours, enabled };
        create_static(conn, ACCOUNT, StaticResponseId::generate(), &rule).await?;
    }
    Ok(())
}
