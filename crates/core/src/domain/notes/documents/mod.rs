//! How these documents are read and written. `assignedTo` is the user's: `domain/customer/documents/user.rs`.

pub mod note;
