#[tokio::main]
async fn main() -> transfers::Outcome<()> {
    transfers::bare::run(&transfers::Job::from_arguments()?).await
}
