//! A compiled configuration that serves nobody: for commands that only look.

use tokio::runtime::Runtime;

use super::Source;
use crate::config::{LoadError, Loaded, Problem};
use crate::gateway::Gateway;

/// A configuration, loaded and compiled.
pub(super) struct Offline {
    pub(super) loaded: Loaded,
    pub(super) gateway: Gateway,
    /// Compiling wants one for later calls to realms; none is made.
    _runtime: Runtime,
}

impl Offline {
    /// Loads and compiles, with every problem of every room.
    pub(super) fn load(source: &Source) -> Result<Self, LoadError> {
        let loaded = source.load()?;
        let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|error| {
            loaded.refuse(vec![Problem::new("", format!("cannot start a runtime: {error}"))])
        })?;
        let gateway = Gateway::compile(&loaded.config, loaded.folder(), runtime.handle(), None)
            .map_err(|problems| loaded.refuse(problems))?;
        Ok(Self { loaded, gateway, _runtime: runtime })
    }
}
