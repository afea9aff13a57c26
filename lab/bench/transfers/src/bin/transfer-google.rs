#[tokio::main]
async fn main() -> transfers::Outcome<()> {
    transfers::google::run(&transfers::Job::from_arguments()?).await
}
