#[tokio::main]
async fn main() -> transfers::Outcome<()> {
    transfers::ours::run(&transfers::Job::from_arguments()?).await
}
