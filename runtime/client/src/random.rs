//! Random numbers for jitter and IDs; not suitable for secrets.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Returns the next number. Sequences differ between processes, if [`words`] has a source; never
/// blocks.
pub(crate) fn next() -> u64 {
    static STATE: OnceLock<AtomicU64> = OnceLock::new();
    let state = STATE.get_or_init(|| AtomicU64::new(words().map_or(0, |[word, _]| word)));
    // SplitMix64 (Steele, Lea, Flood 2014): a counter, then two rounds of mixing.
    let mut mixed = state.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// Returns 128 random bits, or `None` on a target without a source of them.
///
/// The keys of `RandomState` are 128 random bits of the operating system, different for each thread
/// and each value, and `SipHash` is a pseudorandom function of them. The process ID distinguishes
/// forked processes.
#[cfg(not(target_family = "wasm"))]
#[expect(clippy::unnecessary_wraps, reason = "other targets may have no source")]
pub(crate) fn words() -> Option<[u64; 2]> {
    use std::hash::{BuildHasher, Hasher, RandomState};
    let keys = RandomState::new();
    let half = |number: u8| {
        let mut hasher = keys.build_hasher();
        hasher.write_u32(std::process::id());
        hasher.write_u8(number);
        hasher.finish()
    };
    Some([half(0), half(1)])
}

/// Returns 128 random bits, or `None` on a target without a source of them: in WebAssembly, the
/// keys of `RandomState` are constant.
#[cfg(target_family = "wasm")]
pub(crate) fn words() -> Option<[u64; 2]> {
    #[cfg(feature = "fetch")]
    return crate::host::random();
    #[cfg(not(feature = "fetch"))]
    None
}

/// Returns a random UUID ([RFC 9562](https://www.rfc-editor.org/rfc/rfc9562), version 4), or `None`
/// on a target without a source of random bits: two requests must never have the same ID.
pub(crate) fn uuid() -> Option<String> {
    let [high, low] = words()?;
    let (high, low) = (high & !0xF000 | 0x4000, low & !(0b11 << 62) | 0b10 << 62);
    Some(format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xFFFF,
        high & 0xFFFF,
        low >> 48,
        low & 0xFFFF_FFFF_FFFF
    ))
}

#[cfg(test)]
mod tests {
    use super::uuid;
    use std::collections::BTreeSet;

    #[test]
    fn uuids_are_random_and_of_version_4() {
        let make = || (0..500).map(|_| uuid().unwrap()).collect::<Vec<_>>();
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(make)).collect();
        let all: Vec<String> = threads.into_iter().flat_map(|t| t.join().unwrap()).collect();
        for id in &all {
            let parts: Vec<usize> = id.split('-').map(str::len).collect();
            assert_eq!(parts, [8, 4, 4, 4, 12], "{id}");
            assert!(id.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit()), "{id}");
            assert_eq!(&id[14..15], "4", "{id}");
            assert!("89ab".contains(&id[19..20]), "{id}");
        }
        // Every other digit has every possible value.
        for at in (0..36).filter(|at| ![8, 13, 14, 18, 19, 23].contains(at)) {
            let digits: BTreeSet<&str> = all.iter().map(|id| &id[at..=at]).collect();
            assert_eq!(digits.len(), 16, "position {at}");
        }
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }
}
