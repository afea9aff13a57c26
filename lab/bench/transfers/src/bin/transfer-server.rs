fn main() -> transfers::Outcome<()> {
    let size = std::env::args().nth(1).ok_or("expected the size of objects")?;
    transfers::server::main(size.parse()?)
}
