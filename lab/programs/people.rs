//! Contacts: list, search, create, change, delete.

use google_people_v1::Client;
use google_people_v1::models::{EmailAddress, Name, Person};
use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::builder().build()?;

    // List all contacts.
    let mut people = client
        .people()
        .connections()
        .list("people/me")
        .person_fields("names,emailAddresses")
        .page_size(1000)
        .items();
    while let Some(person) = people.next().await {
        let person = person?;
        let name = person.names.unwrap_or_default().into_iter().find_map(|name| name.display_name);
        println!("{}", name.unwrap_or_default());
    }

    // Search.
    let found = client.people().search_contacts().query("Ada").read_mask("names").send().await?;
    println!("{} found", found.results.unwrap_or_default().len());

    // Create.
    let person = Person::new()
        .set_names([Name::new().set_given_name("Ada").set_family_name("Lovelace")])
        .set_email_addresses([EmailAddress::new().set_value("ada@example.com")]);
    let created = client.people().create_contact(&person).send().await?;
    let name = created.resource_name.clone().ok_or("a contact without a name")?;

    // Change: a mask of checked names, or of text.
    let changed = created.set_email_addresses([EmailAddress::new().set_value("ada@example.org")]);
    client
        .people()
        .update_contact(&name, &changed)
        .update_person_fields(Person::EMAIL_ADDRESSES)
        .send()
        .await?;

    let people = client
        .people()
        .get_batch_get()
        .resource_names([&name])
        .person_fields("names,birthdays")
        .send()
        .await?;
    println!("{:?}", people.responses);

    client.people().delete_contact(&name).send().await?;
    Ok(())
}
