fn main() -> transfers::Outcome<()> {
    transfers::raw::run(&transfers::Job::from_arguments()?)
}
