//! Pub/Sub: create a topic and a subscription, publish, pull, acknowledge, change, snapshot.

use google_pubsub_v1::models::{
    AcknowledgeRequest, PublishRequest, PubsubMessage, PullRequest, Subscription, Topic,
    UpdateSubscriptionRequest,
};
use google_pubsub_v1::{CallOptions, Client};
use std::error::Error;
use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::builder().build()?;
    let (topic, name) = ("projects/p/topics/orders", "projects/p/subscriptions/billing");
    let topics = client.projects().topics();
    let subscriptions = client.projects().subscriptions();

    let request = Topic::new().set_labels([("team", "shop")]);
    topics.create(topic, &request).send().await?;
    let subscription = Subscription::new()
        .set_topic(topic)
        .set_ack_deadline_seconds(30)
        .set_message_retention_duration(Duration::from_secs(3600));
    subscriptions.create(name, &subscription).send().await?;

    // Publish.
    let message = PubsubMessage::new().set_data(b"order 1").set_attributes([("kind", "order")]);
    let request = PublishRequest::new().set_messages([message]);
    let answer = topics.publish(topic, &request).send().await?;
    println!("{:?}", answer.message_ids);

    // Pull and acknowledge. An empty queue holds the request for a while.
    let request = PullRequest::new().set_max_messages(10);
    let call = subscriptions.pull(name, &request).with_attempt_timeout(Duration::from_secs(100));
    let answer = call.send().await?;
    let mut ids = Vec::new();
    for received in answer.received_messages.unwrap_or_default() {
        let message = received.message.unwrap_or_default();
        let data = message.data.unwrap_or_default();
        println!("{:?} {}", message.publish_time, String::from_utf8_lossy(&data));
        ids.extend(received.ack_id);
    }
    let request = AcknowledgeRequest::new().set_ack_ids(ids);
    subscriptions.acknowledge(name, &request).send().await?;

    // Change a setting.
    let change = Subscription::new().set_ack_deadline_seconds(60);
    let request = UpdateSubscriptionRequest::new()
        .set_subscription(change)
        .set_update_mask("ackDeadlineSeconds");
    subscriptions.patch(name, &request).send().await?;

    // Go through all of them.
    let mut all = subscriptions.list("projects/p").items();
    while let Some(subscription) = all.next().await {
        println!("{:?}", subscription?.name);
    }
    Ok(())
}
