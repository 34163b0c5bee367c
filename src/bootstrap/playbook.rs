//! The tasks of a file: in its order, and several at a time where none is about what another does.

use futures_util::StreamExt;
use futures_util::stream;
use serde_json::Value;

use super::authorization;
use super::clients::Clients;
use super::outcome::Outcome;
use super::plan::AT_A_TIME;
use super::sessions::{Sessions, is_same};
use super::task::{ModuleTask, WantedClient};

/// Plans the tasks of a file, or with `write` does them. What came of each is told to `done`, and given back in the order of
/// the file; one that fails stops none of the others.
///
/// A task waits for those before it that name the same client, or one that it needs: it logs in as that client, or its
/// policies name it. Of the others a few are done at a time, after one look at the clients of the realm where that is
/// cheaper.
pub async fn play(
    tasks: &[ModuleTask],
    sessions: &mut Sessions,
    write: bool,
    mut done: impl FnMut(&Outcome),
) -> Vec<Outcome> {
    let footprints: Vec<Footprint<'_>> = tasks.iter().map(Footprint::of).collect();
    let mut outcomes = Vec::with_capacity(tasks.len());
    let mut left = footprints.as_slice();
    while !left.is_empty() {
        // Who only reads is in nobody's way.
        let count = if write { together(left) } else { left.len() };
        let (now, later) = left.split_at(count);
        outcomes.extend(side_by_side(now, sessions, write, &mut done).await);
        left = later;
    }
    outcomes
}

/// Tasks of which none is about what another does. Keycloak may refuse one of two writers that are about different things,
/// so one that was refused is done again when the others are through.
async fn side_by_side(
    tasks: &[Footprint<'_>],
    sessions: &mut Sessions,
    write: bool,
    done: &mut impl FnMut(&Outcome),
) -> Vec<Outcome> {
    let looks = Look::at(tasks, sessions).await;
    let mut runs = Vec::with_capacity(tasks.len());
    for Footprint { task, .. } in tasks {
        let clients = looks.iter().find(|look| look.is_for(task)).and_then(|look| look.clients.as_ref());
        let realm = task.realm(sessions);
        runs.push(async move { (*task, task.run(realm, clients, write).await) });
    }
    let mut running = stream::iter(runs).buffered(AT_A_TIME);
    let mut ended = Vec::with_capacity(tasks.len());
    while let Some((task, result)) = running.next().await {
        let is_refused = result.as_ref().is_err_and(|error| error.may_pass());
        if write && tasks.len() > 1 && is_refused {
            ended.push((task, None));
            continue;
        }
        let outcome = task.said(result);
        done(&outcome);
        ended.push((task, Some(outcome)));
    }
    let mut outcomes = Vec::with_capacity(tasks.len());
    for (task, outcome) in ended {
        outcomes.push(match outcome {
            Some(outcome) => outcome,
            None => {
                let outcome = task.said(task.run(task.realm(sessions), None, write).await);
                done(&outcome);
                outcome
            }
        });
    }
    outcomes
}

/// The clients of a realm, for all tasks that have the same login and look for one by its name.
struct Look<'a> {
    task: &'a ModuleTask,
    wanted: usize,
    clients: Option<Clients>,
}

impl<'a> Look<'a> {
    async fn at(tasks: &[Footprint<'a>], sessions: &mut Sessions) -> Vec<Self> {
        let mut looks: Vec<Self> = Vec::new();
        for Footprint { task, .. } in tasks.iter().filter(|footprint| footprint.task.wanted.id.is_none()) {
            match looks.iter_mut().find(|look| look.is_for(task)) {
                Some(look) => look.wanted += 1,
                None => looks.push(Self { task, wanted: 1, clients: None }),
            }
        }
        for look in &mut looks {
            // Why it cannot be had each task finds out for itself.
            if let Ok(realm) = look.task.realm(sessions) {
                look.clients = Clients::of(&realm, look.wanted).await.unwrap_or_default();
            }
        }
        looks
    }

    fn is_for(&self, task: &ModuleTask) -> bool {
        self.task.wanted.realm == task.wanted.realm && is_same(&self.task.access, &task.access)
    }
}

/// How many of these, from the first on, are about nothing that another of them does; at least one.
fn together(tasks: &[Footprint<'_>]) -> usize {
    let is_apart = |(number, task): &(usize, &Footprint<'_>)| {
        tasks.iter().take(*number).all(|before| task.is_apart_from(before))
    };
    tasks.iter().enumerate().take_while(is_apart).count()
}

/// What a task is about.
struct Footprint<'a> {
    task: &'a ModuleTask,
    /// Its authorization settings, in which policies name clients.
    settings: Option<String>,
}

impl<'a> Footprint<'a> {
    fn of(task: &'a ModuleTask) -> Self {
        let settings =
            authorization::wanted(&task.wanted).map(|settings| Value::Object(settings.clone()).to_string());
        Self { task, settings }
    }

    fn is_apart_from(&self, other: &Self) -> bool {
        if self.needs(other) || other.needs(self) {
            return false;
        }
        let (own, its) = (&self.task.wanted, &other.task.wanted);
        if own.realm != its.realm {
            return true;
        }
        // There is one list of them.
        let gives_to_all = |wanted: &WantedClient| wanted.fields.contains_key("defaultRoles");
        if gives_to_all(own) && gives_to_all(its) {
            return false;
        }
        match (&own.client_id, &its.client_id) {
            // Some databases take names that differ in case for one.
            (Some(one), Some(two)) if own.id.is_none() && its.id.is_none() => !one.eq_ignore_ascii_case(two),
            // Which client an id is nobody knows before it is looked up.
            _ => false,
        }
    }

    /// Whether it logs in as the other's client, or one of its policies names that.
    fn needs(&self, other: &Self) -> bool {
        let Some(client) = other.task.wanted.client_id.as_deref() else { return false };
        // What JSON writes otherwise than it is is not looked for.
        let is_plain = !client.chars().any(|letter| letter.is_control() || ['"', '\\'].contains(&letter));
        let is_named = |settings: &String| !is_plain || settings.contains(client);
        self.task.access.client_id == client || self.settings.as_ref().is_some_and(is_named)
    }
}

#[cfg(test)]
mod tests;
