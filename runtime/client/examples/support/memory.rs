//! Memory statistics of this process.

/// Returns a value of `/proc/self/status` in KiB, for example `VmHWM`; `None` without such a file.
pub(crate) fn status_kib(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

/// Returns the peak memory since the start, or since [`restart`], in KiB.
#[allow(dead_code, reason = "not every program measures peaks")]
pub(crate) fn peak_kib() -> Option<u64> {
    status_kib("VmHWM")
}

/// Lowers the peak to the current memory, where the system supports it.
#[allow(dead_code, reason = "not every program measures peaks")]
pub(crate) fn restart() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}
