//! (d) People at their screens: the list of conversations, the gateway between them and the
//! services, and what reaches an open screen how soon.

use crate::house::House;
use crate::person::Person;
use crate::report::{Figure, Report};
use crate::town::Town;
use crate::{Scale, browser, crowd, listeners, machine, pages, receipts, screens, toll};

pub async fn measure(scale: Scale, report: &mut Report) -> anyhow::Result<()> {
    machine::open_many_files()?;
    let town = Town::start().await?;
    let person = Person::of(&town.house.db, town.account).await?;
    let conversations = crowd::fill(&town.house.db, town.account, 1_000).await?;
    screens::measure(&town, &person, &conversations, scale, report).await?;
    browser::measure(&town, &person, &conversations, report).await?;
    let mut services = town.weights();
    services.retain(|(name, _)| ["gateway", "conversations"].contains(name));
    listeners::measure(&town, &person, &conversations, scale, report).await?;
    drop(town);
    at_rest(scale, report).await?;
    let (_, python) = receipts::python(&mut receipts::Sids(0), Scale { quick: true }).await?;
    for (service, weight) in services {
        report.add(
            Figure::new("d", format!("memory of {service}"), weight, "MB")
                .against("MB, a Python worker", python),
        );
    }
    Ok(())
}

/// What is asked of tables that stand still.
async fn at_rest(scale: Scale, report: &mut Report) -> anyhow::Result<()> {
    let mut house = House::new().await;
    let (few, many) = (10_000, scale.of(1_000_000));
    let small = crowd::Crowd::settle(&house.db, few).await?;
    let large = crowd::Crowd::settle(&house.db, many).await?;
    let conversations = house.start("conversations").await?;
    house.leads_to("conversations", conversations.port);
    pages::measure(&house.db, conversations.port, &small, &large, scale, report).await?;
    house.leads_to("responder", 9);
    let gateway = house.start("gateway").await?;
    toll::measure(gateway.port, conversations.port, &small, scale, report).await?;
    for (name, process) in [("conversations", &conversations), ("gateway", &gateway)] {
        if let Some(weight) = machine::resident(process.pid()) {
            report.tell(format!("{name} weighs {weight:.0} MB after lists of {many}"));
        }
    }
    Ok(())
}
