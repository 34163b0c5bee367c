//! Variables of the environment that say which server is managed, and as whom.

/// The server's address.
pub(crate) const SERVER: &str = "GATECLOAK_ADMIN_SERVER";

/// The realm to act on.
#[cfg(feature = "cli")]
pub(crate) const REALM: &str = "GATECLOAK_ADMIN_REALM";

/// The realm to log in to.
pub(crate) const LOGIN_REALM: &str = "GATECLOAK_ADMIN_LOGIN_REALM";

/// The client to log in with.
pub(crate) const CLIENT_ID: &str = "GATECLOAK_ADMIN_CLIENT_ID";

/// Its secret.
pub(crate) const CLIENT_SECRET: &str = "GATECLOAK_ADMIN_CLIENT_SECRET";

/// The user to log in as.
pub(crate) const USER: &str = "GATECLOAK_ADMIN_USER";

/// The user's password.
pub(crate) const PASSWORD: &str = "GATECLOAK_ADMIN_PASSWORD";

/// A file with the authorities that the server's certificate is from.
#[cfg(feature = "cli")]
pub(crate) const CA: &str = "GATECLOAK_ADMIN_CA";
