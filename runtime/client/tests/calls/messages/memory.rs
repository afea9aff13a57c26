//! Memory use is an item and a chunk, regardless of the length of the stream.

use discovery_runtime::testing::{FaultServer, Reply};
use discovery_testing::Service;

use super::client;

const ITEM: &str = "{\"name\":\"0123456789abcdefghijklmnopqrstuvwxyz0123456789\"},\n";

/// Returns the bytes of an array of `items`, from an offset on.
fn fill(items: u64, offset: u64, out: &mut [u8]) {
    let end = items * ITEM.len() as u64;
    for (at, byte) in (offset..).zip(out) {
        *byte = match at {
            0 => b'[',
            // In place of the last line break.
            _ if at == end => b']',
            // In place of the last comma.
            _ if at == end - 1 => b' ',
            _ => ITEM.as_bytes()[((at - 1) % ITEM.len() as u64) as usize],
        };
    }
}

/// Returns the peak memory of a thread that reads a stream of this many items.
fn peak(items: u64) -> u64 {
    let service = Service::new(move |_| async move {
        let length = items * ITEM.len() as u64 + 1;
        Reply::new(200).with_generated(length, move |offset, out| fill(items, offset, out))
    });
    let server = FaultServer::on_thread(service, "127.0.0.1:0").unwrap();
    let info = allocation_counter::measure(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut stream = client(&server.url()).watch().stream();
            let mut count = 0;
            while let Some(item) = stream.next().await {
                assert_eq!(item.unwrap().name.unwrap().len(), 46);
                count += 1;
            }
            assert_eq!(count, items);
        });
    });
    info.bytes_max
}

#[test]
fn a_long_stream_takes_no_more_memory_than_a_short_one() {
    let (short, long) = (peak(50_000), peak(400_000));
    // The transport's buffer grows to 400 KB, and so do the chunks.
    assert!(long < 3 * 1024 * 1024, "{long} bytes, of a body of {}", 400_000 * ITEM.len());
    assert!(long < short + 1024 * 1024, "{short} and {long} bytes");
}
