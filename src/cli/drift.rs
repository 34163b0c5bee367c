//! Whether Keycloak is still as wanted, looked at again and again beside a gateway that serves.

use std::time::Duration;

use super::Source;
use super::bootstrap;
use crate::telemetry::metrics;

/// Looks every so often, for ever. The configuration is read anew each time, so that a change of it counts from the next
/// look on. Only reads; what is found is logged and counted.
pub(super) async fn watch(source: Source, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        look(&source).await;
    }
}

async fn look(source: &Source) {
    let plan = match source.load() {
        Ok(loaded) => bootstrap::planned(&loaded.config, loaded.folder()).await.map_err(|stop| stop.text),
        // What is wrong with it is said where it is reloaded.
        Err(_) => Err("the configuration cannot be read".to_owned()),
    };
    match plan {
        Ok(plan) => {
            let due: Vec<_> = plan.items.iter().filter(|item| item.is_due()).collect();
            metrics().drift(due.len() as u64);
            for item in due {
                tracing::warn!(
                    kind = item.kind.name(),
                    name = %item.name.escape_debug(),
                    action = item.action.name(),
                    changes = %changes(item),
                    "Keycloak is not as the configuration wants it"
                );
            }
        }
        Err(reason) => {
            metrics().drift_check_failed();
            tracing::warn!(reason = %reason.escape_debug(), "whether Keycloak is as wanted cannot be seen");
        }
    }
}

/// Where it differs; secrets are not shown.
fn changes(item: &crate::bootstrap::Item) -> String {
    item.changes.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
