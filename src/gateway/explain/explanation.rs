//! What is said of a request that is only supposed.

use crate::authz::{Explained, RefusalCode, Standing};
use crate::config::EnforcementMode;
use crate::gateway::Rejection;

/// How a request would be answered, and why.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The answer.
    pub answer: ProbeAnswer,
    /// The stable code of a refusal; else empty.
    pub code: &'static str,
    /// Why, for a person.
    pub reason: String,
    /// The path that is decided on, if it has one reading.
    pub path: Option<String>,
    /// The route in charge.
    pub route: Option<ExplainedRoute>,
    /// Its requirement, if it came to that.
    pub requirement: Option<Explained>,
    /// What else there is to say.
    pub notes: Vec<String>,
}

/// How a request would be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeAnswer {
    /// The request can be read in two ways (400).
    Malformed,
    /// No route (404).
    NoRoute,
    /// The route in charge has other methods (405).
    MethodNotAllowed,
    /// A good token is needed (401).
    Unauthenticated,
    /// Not allowed (403).
    Refused,
    /// Not allowed, as there is no decision (503).
    Unavailable,
    /// Keycloak would be asked.
    AsksKeycloak,
    /// It depends on what is not supposed.
    Depends,
    /// Forwarded.
    Allowed,
}

/// The route in charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedRoute {
    /// Its name.
    pub name: String,
    /// Its path pattern.
    pub pattern: String,
    /// The host of its own that matches; `None`: it takes any.
    pub host: Option<String>,
    /// Its methods; none: any.
    pub methods: Vec<String>,
    /// Name and pattern of routes that cover the request, too, but less exactly.
    pub passed_over: Vec<(String, String)>,
}

impl Explanation {
    pub(super) fn new(answer: ProbeAnswer, code: &'static str, reason: &str) -> Self {
        Self {
            answer,
            code,
            reason: reason.to_owned(),
            path: None,
            route: None,
            requirement: None,
            notes: Vec::new(),
        }
    }

    pub(super) fn of_rejection(rejection: &Rejection) -> Self {
        let answer = match rejection {
            Rejection::NoRoute => ProbeAnswer::NoRoute,
            Rejection::MethodNotAllowed(_) | Rejection::MethodRefused => ProbeAnswer::MethodNotAllowed,
            _ => ProbeAnswer::Malformed,
        };
        let reason = match rejection {
            Rejection::MethodNotAllowed(methods) => {
                let methods: Vec<&str> = methods.iter().map(http::Method::as_str).collect();
                format!("the route in charge has other methods: {}", methods.join(", "))
            }
            other => other.reason(),
        };
        Self::new(answer, rejection.code(), &reason)
    }

    pub(super) fn of_requirement(explained: Explained, enforcement: EnforcementMode) -> Self {
        let refusal = explained.refusal.as_ref();
        let needs = || explained.need.as_ref().map(ToString::to_string).unwrap_or_default();
        let asked = || match &explained.remote_reason {
            Some(reason) => format!("keycloak would be asked: {reason}"),
            None => "keycloak would be asked".to_owned(),
        };
        let (answer, code, reason) = match explained.standing {
            Standing::Met => (ProbeAnswer::Allowed, "", "the requirement is met".to_owned()),
            Standing::AsksKeycloak => (ProbeAnswer::AsksKeycloak, "", asked()),
            Standing::Depends => (ProbeAnswer::Depends, "", format!("it depends on {}", needs())),
            Standing::NotMet | Standing::Unclear => {
                let code = refusal.map_or("requirement_not_met", |refusal| refusal.code.name());
                let detail = refusal.map(|refusal| refusal.detail.clone()).unwrap_or_default();
                let answer = match refusal.map(|refusal| refusal.code) {
                    Some(RefusalCode::DecisionUnavailable) => ProbeAnswer::Unavailable,
                    _ => ProbeAnswer::Refused,
                };
                (answer, code, detail)
            }
        };
        let explanation = match enforcement {
            EnforcementMode::Permissive if answer != ProbeAnswer::Allowed => {
                Self::new(ProbeAnswer::Allowed, "", &format!("the route is permissive, though {reason}"))
            }
            _ => Self::new(answer, code, &reason),
        };
        Self { requirement: Some(explained), ..explanation }
    }
}

impl ProbeAnswer {
    /// In a word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::NoRoute => "no_route",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Unauthenticated => "unauthenticated",
            Self::Refused => "refused",
            Self::Unavailable => "unavailable",
            Self::AsksKeycloak => "asks_keycloak",
            Self::Depends => "depends",
            Self::Allowed => "allowed",
        }
    }

    /// The status, if the gateway itself answers.
    pub const fn status(self) -> Option<u16> {
        match self {
            Self::Malformed => Some(400),
            Self::NoRoute => Some(404),
            Self::MethodNotAllowed => Some(405),
            Self::Unauthenticated => Some(401),
            Self::Refused => Some(403),
            Self::Unavailable => Some(503),
            Self::AsksKeycloak | Self::Depends | Self::Allowed => None,
        }
    }
}
