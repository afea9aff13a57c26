//! Google Sheets: create, read, write, append, format.

use google_sheets_v4::Client;
use google_sheets_v4::models::{
    BatchUpdateSpreadsheetRequest, CellData, CellFormat, GridRange, RepeatCellRequest, Request,
    Spreadsheet, SpreadsheetProperties, TextFormat, ValueRange,
};
use serde_json::json;
use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::builder().build()?;

    let properties = SpreadsheetProperties::new().set_title("Expenses");
    let sheet = Spreadsheet::new().set_properties(properties);
    let sheet = client.spreadsheets().create(&sheet).send().await?;
    let id = sheet.spreadsheet_id.ok_or("a spreadsheet without an ID")?;

    // Write a range.
    let header = ValueRange::new().set_values([["Date", "What", "Amount"]]);
    let values = client.spreadsheets().values();
    values.update(&id, "A1:C1", &header).value_input_option("RAW").send().await?;

    // Append rows.
    let rows = ValueRange::new().set_values([
        vec![json!("2026-11-28"), json!("Train"), json!(42.5)],
        vec![json!("2026-11-29"), json!("Hotel"), json!(120)],
    ]);
    let answer = values.append(&id, "A1", &rows).value_input_option("USER_ENTERED").send().await?;
    println!("{:?}", answer.updates.and_then(|updates| updates.updated_range));

    // Read them.
    let read = values.get(&id, "A1:C").value_render_option("UNFORMATTED_VALUE").send().await?;
    for row in read.values.unwrap_or_default() {
        let date = row.first().and_then(|cell| cell.as_text()).unwrap_or_default();
        let amount = row.get(2).and_then(|cell| cell.as_f64()).unwrap_or_default();
        println!("{date} {amount}");
    }

    // The first row in bold.
    let bold = CellFormat::new().set_text_format(TextFormat::new().set_bold(true));
    let repeat = RepeatCellRequest::new()
        .set_range(GridRange::new().set_sheet_id(0).set_end_row_index(1))
        .set_cell(CellData::new().set_user_entered_format(bold))
        .set_fields("userEnteredFormat.textFormat.bold");
    let request =
        BatchUpdateSpreadsheetRequest::new().set_requests([Request::new().set_repeat_cell(repeat)]);
    client.spreadsheets().batch_update(&id, &request).send().await?;
    Ok(())
}
