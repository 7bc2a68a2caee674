//! Shields the memory of this process from the curious.
//!
//! Two settings, both for the whole process and inherited by nobody through
//! `exec` but the first. A debugger run by root is not stopped by them.

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::Error;

/// No core dumps, and no tracing or `/proc/self/mem` for other processes of the same user.
///
/// Call it before the first passphrase is typed. A side effect: `/proc/<pid>`
/// belongs to root afterwards, so a desktop portal cannot look into it.
///
/// # Errors
///
/// [`Error::Harden`].
pub fn harden_process() -> Result<(), Error> {
    let refused = |error: rustix::io::Errno| Error::Harden(error.into());
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).map_err(refused)?;
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)
        .map_err(refused)?;
    Ok(())
}
