//! Creates the user when one registers, and keeps the profile's fields.
