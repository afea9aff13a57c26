//! Temporary.
mod protojson;
fn main() -> Result<(), String> {
    let path = std::env::args().nth(1).unwrap_or_default();
    let outcome = protojson::run(path.as_ref())?;
    print!("{outcome}");
    Ok(())
}
