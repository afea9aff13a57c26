//! Google Calendar: list upcoming events, create, move, invite, cancel, query free/busy times.

use chrono::{Duration, Local, Utc};
use google_calendar_v3::Client;
use google_calendar_v3::json::{Date, DateTime};
use google_calendar_v3::models::{
    Event, EventAttendee, EventDateTime, FreeBusyRequest, FreeBusyRequestItem,
};
use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::builder().build()?;

    // The next ten events.
    let mut events = client
        .events()
        .list("primary")
        .time_min(Utc::now())
        .single_events(true)
        .order_by("startTime")
        .max_results(10)
        .items();
    while let Some(event) = events.next().await {
        let event = event?;
        println!("{:?} {:?}", event.start.and_then(|start| start.date_time), event.summary);
    }

    // Create one: times are text, or come from a library.
    let start = EventDateTime::new().set_date_time(DateTime::parse("2026-12-01T09:00:00+01:00")?);
    let end = EventDateTime::new().set_date_time(Local::now() + Duration::days(3));
    let event = Event::new()
        .set_summary("Planning")
        .set_start(start)
        .set_end(end)
        .set_attendees([EventAttendee::new().set_email("ada@example.com")])
        .set_recurrence(["RRULE:FREQ=WEEKLY;COUNT=4"]);
    let created = client.events().insert("primary", &event).send_updates("all").send().await?;
    let id = created.id.clone().ok_or("an event without an ID")?;

    // An event of the whole day.
    let day = EventDateTime::new().set_date(Date::parse("2026-12-24")?);
    let holiday = Event::new().set_summary("Closed").set_start(day.clone()).set_end(day);
    client.events().insert("primary", &holiday).send().await?;

    // Move it: only what differs is sent.
    let moved = EventDateTime::new().set_date_time(DateTime::parse("2026-12-01T10:00:00+01:00")?);
    let changed = created.clone().set_start(moved);
    if let Some(call) = client.events().patch_between("primary", &id, &created, &changed) {
        call.send().await?;
    }

    // Query free/busy times.
    let request = FreeBusyRequest::new()
        .set_time_min(Utc::now())
        .set_time_max(Utc::now() + Duration::days(1))
        .set_items([FreeBusyRequestItem::new().set_id("ada@example.com")]);
    let answer = client.freebusy().query(&request).send().await?;
    for (calendar, busy) in answer.calendars.unwrap_or_default() {
        println!("{calendar}: {:?}", busy.busy);
    }

    // Cancel.
    match client.events().delete("primary", &id).send().await {
        Err(error) if error.is_not_found() => println!("it is gone"),
        result => result?,
    }
    Ok(())
}
