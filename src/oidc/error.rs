//! What can go wrong with a call to the realm.

/// Why a call to the realm gave no usable answer. Never holds a token or a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// No connection, no answer in time, a broken answer.
    #[error("{operation}: the realm could not be reached: {reason}")]
    Unreachable {
        /// What was asked: `discovery`, `jwks`, `introspection`, `uma`, `ticket`, `token`, `settings`, `events`.
        operation: &'static str,
        /// The cause.
        reason: String,
    },
    /// An answer with an error status (RFC 6749 section 5.2).
    #[error("{operation}: the realm answered {status} `{error}`: {description}")]
    Refused {
        /// What was asked.
        operation: &'static str,
        /// The HTTP status.
        status: u16,
        /// `error`, or empty.
        error: String,
        /// `error_description`, or empty.
        description: String,
    },
    /// An answer that is not what the specification says, or too long.
    #[error("{operation}: the realm's answer is not usable: {reason}")]
    Unusable {
        /// What was asked.
        operation: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The call needs the client's secret, and none is configured.
    #[error("{operation}: this needs `client_secret`, and none is configured")]
    NoCredentials {
        /// What was asked.
        operation: &'static str,
    },
    /// Too many calls are under way already.
    #[error("{operation}: too many calls to the realm are under way")]
    Busy {
        /// What was asked.
        operation: &'static str,
    },
}

impl OidcError {
    /// The task that made the call has ended without an answer.
    pub(crate) fn cut_off(operation: &'static str) -> Self {
        Self::Unreachable { operation, reason: "the call was cut off".to_owned() }
    }

    /// A 401 to a call that the client had to prove itself for: the secret is wrong, and the text says so.
    pub(super) fn or_wrong_secret(self) -> Self {
        match self {
            Self::Refused { operation, status: 401, error, description } => Self::Refused {
                operation,
                status: 401,
                error,
                description: format!(
                    "{description}; hint: `client_id`, `client_secret` and `client_auth` are not what the realm has"
                ),
            },
            other => other,
        }
    }
}
