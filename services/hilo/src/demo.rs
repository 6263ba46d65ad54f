//! The demo's account: a shop that sells furniture in Mexico City, its sixteen numbers, what its
//! assistant knows and what is answered without asking it.

mod people;

use std::ops::RangeInclusive;

use anyhow::Context;
use diesel_async::AsyncConnection;
use diesel_async::pooled_connection::deadpool::Object;
use domain::store::conversations::words::Color;
use domain::store::conversations::write::{
    NewContact, NewNumber, add_number, create_contact, create_label,
};
use domain::store::responder::write::{NewProfile, NewStatic, create_static, save_profile};
use domain::store::{Pool, Tx, gateway};
use domain::{
    AccountId, Clock, ContactId, LabelId, NumberId, PhoneNumber, StaticResponseId, SystemClock,
    Timestamp,
};
use uuid::Uuid;

pub use people::{OWNER, PASSWORD, keep_out, others, with_known_password};

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

/// Name, kind, pattern, answer, priority.
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
        "regex",
        r"\b(horarios?|a que hora (abren|cierran)|estan abiertos|abren los domingos)\b",
        "Abrimos de lunes a sabado de 9 a 19 horas en Avenida Cuauhtemoc 462.",
        20,
    ),
    (
        "ubicacion",
        "regex",
        r"\b(donde estan|ubicacion|direccion)\b",
        "Estamos en Avenida Cuauhtemoc 462, colonia Doctores. ¿Gusta que le apartemos una cita?",
        20,
    ),
    (
        "catalogo",
        "regex",
        r"\b(catalogo|lista de precios|precios?)$",
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

/// What conversations are about.
const LABELS: [(&str, Color); 5] = [
    ("Cotización", Color::Agave),
    ("Pedido", Color::Cielo),
    ("Entrega", Color::Cempa),
    ("Queja", Color::Grana),
    ("Mayoreo", Color::Jacaranda),
];

/// Customers whom the shop knows by name; the others are a number until somebody writes them down.
const KNOWN: [&str; 9] = [
    "Rosa Elena Martínez",
    "Jorge Luis Aguilar",
    "Carmen Ortiz",
    "Familia Ramírez Soto",
    "Miguel Ángel Peña",
    "Verónica Ibarra",
    "Hotel Casa Azul",
    "Emily Carter",
    "Alejandra Domínguez",
];

/// The shop's numbers, of a range that Mexico has not given to anyone.
pub fn numbers() -> anyhow::Result<Vec<PhoneNumber>> {
    numbered(1..=16)
}

/// Two more that the provider holds and the shop does not use yet.
pub fn spare_numbers() -> anyhow::Result<Vec<PhoneNumber>> {
    numbered(17..=18)
}

fn numbered(places: RangeInclusive<u32>) -> anyhow::Result<Vec<PhoneNumber>> {
    places
        .map(|place| PhoneNumber::parse(&format!("+5255500000{place:02}")).context("a demo number"))
        .collect()
}

/// Writes the demo's account the first time; afterwards it is left as people have made it, and only
/// the way in is made sure of.
pub async fn seed(pool: &Pool) -> anyhow::Result<()> {
    let mut conn: Object<Tx> = pool.get().await.context("no connection to seed the demo")?;
    let conn: &mut Tx = &mut conn;
    conn.transaction(async |tx: &mut Tx| {
        if gateway::read::account(tx, ACCOUNT).await?.is_none() {
            shop(tx).await?;
        }
        people::let_in(tx).await
    })
    .await
}

async fn shop(tx: &mut Tx) -> anyhow::Result<()> {
    let zone = "America/Mexico_City";
    gateway::write::create_account(tx, ACCOUNT, "Muebles La Esperanza", zone, "es").await?;
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
        add_number(tx, &number).await?;
    }
    let now = SystemClock.now();
    let profile = NewProfile {
        display_name: "Lupita",
        instructions: INSTRUCTIONS,
        facts: FACTS,
        debounce_ms: 2_000,
        ..NewProfile::default()
    };
    save_profile(tx, ACCOUNT, &profile, now).await?;
    for (name, kind, pattern, body, priority) in RULES {
        let (language, hours, enabled) = (None, "always", true);
        let rule = NewStatic { name, kind, pattern, body, language, priority, hours, enabled };
        create_static(tx, ACCOUNT, StaticResponseId::generate(), &rule).await?;
    }
    for label in LABELS {
        create_label(tx, LabelId::generate(), ACCOUNT, label, now).await?;
    }
    customers(tx, now).await
}

/// The first of those who will write.
async fn customers(tx: &mut Tx, now: Timestamp) -> anyhow::Result<()> {
    for (raw, name) in simulator::actors::people(9).iter().zip(KNOWN) {
        let phone = PhoneNumber::parse(raw).context("a simulated customer")?;
        let contact = NewContact {
            id: ContactId::generate(),
            account: ACCOUNT,
            phone: &phone,
            raw,
            name,
            language: None,
        };
        create_contact(tx, &contact, now).await?;
    }
    Ok(())
}
