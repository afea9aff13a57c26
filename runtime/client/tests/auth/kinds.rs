//! Every kind of credentials; `cargo lab credentials` prints the table.

#[path = "../../examples/credentials/table/mod.rs"]
#[allow(dead_code, reason = "the program uses the rest")]
mod table;

#[tokio::test]
async fn every_kind_of_credentials_keeps_its_promises() {
    let rows = table::all().await.unwrap();
    let wrong: Vec<String> =
        rows.iter().filter(|row| !row.is_right()).map(ToString::to_string).collect();
    assert!(wrong.is_empty(), "{}\n{}", table::heading(), wrong.join("\n"));
}
