//! One build at a time: two would make the same folders beside each other's places, and each would delete the other's.

use std::fs::{self, File, TryLockError};
use std::path::Path;

use crate::complaint::Complaint;

/// Waits for its turn, and says so. The system gives the lock back when the process ends, however it ends.
pub fn take(dist: &Path) -> Result<File, Complaint> {
    let path = dist.join(".lock");
    let about = |error: &std::io::Error| format!("{}: {error}.", path.display());
    fs::create_dir_all(dist).map_err(|error| about(&error))?;
    let file = File::create(&path).map_err(|error| about(&error))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            eprintln!("build: waiting for another build of this folder to end.");
            file.lock().map_err(|error| about(&error))?;
        }
        Err(TryLockError::Error(error)) => return Err(about(&error)),
    }
    Ok(file)
}
