use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::redact::Secrets;

proptest! {
    #[test]
    fn arbitrary_bodies_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        parse_body(&String::from_utf8_lossy(&bytes), &Secrets::default());
    }

    #[test]
    fn arbitrary_json_does_not_panic(
        text in r#"\{"error":(\{("(code|message|status|details|errors)":(1|"a"|\[\{"@type":"google.rpc.(ErrorInfo|Help|BadRequest)","(links|reason)":[0-9\[\]]{1,4}\}\]|null),?){0,4}\}|"a"|\[\]|1)\}"#,
    ) {
        parse_body(&text, &Secrets::default());
    }

    #[test]
    fn names_and_numbers_of_codes_agree(number in 0u64..20) {
        match Code::from_number(number) {
            Some(code) => {
                prop_assert_eq!(u64::from(code.number()), number);
                prop_assert_eq!(Code::from_name(code.as_str()), Some(code));
            }
            None => prop_assert!(number > 16),
        }
    }
}

#[test]
fn the_status_of_an_operation() {
    // Canonical codes, not HTTP statuses.
    let status = Status::from_json(&json!({"code": 5, "message": "no such thing"})).unwrap();
    assert_eq!((status.code(), status.number()), (Some(Code::NotFound), Some(5)));
    assert_eq!(status.message(), "no such thing");
    assert_eq!(Status::from_json(&json!("x")), None);
}

#[test]
fn the_first_specific_reason_is_used() {
    let status = Status::from_json(&json!({
        "code": 403,
        "errors": [{"reason": ""}, {"reason": "second", "domain": "d"}],
    }))
    .unwrap();
    assert_eq!(status.reason(), Some("second"));
    assert_eq!(status.code(), None);
    let info = json!({
        "errors": [{"reason": "old"}],
        "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "NEW"}],
    });
    assert_eq!(Status::from_json(&info).unwrap().reason(), Some("NEW"));
}

#[test]
fn unknown_details_are_preserved() {
    let odd = json!({"@type": "x/google.rpc.RetryInfo", "retryDelay": "soon"});
    let status = Status::from_json(&json!({"details": [odd.clone(), 3, null]})).unwrap();
    assert_eq!(status.details()[0], Detail::Other(odd));
    assert_eq!(status.details().len(), 3);
    assert_eq!(status.retry_delay(), None);
}
