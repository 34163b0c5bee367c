//! The ways to a group by path and by name.

use std::pin::pin;

use futures_util::future::ready;
use futures_util::stream::TryStreamExt;
use serde_json::Value;

use super::Groups;
use crate::admin::answer;
use crate::connection::{CallError, Query};

impl Groups {
    /// The group of a path such as `/staff/sales`, at any depth, with attributes and roles.
    ///
    /// The server does not find a group with `/` in its name or above it where the path can be read otherwise. Then it is
    /// searched by name, which takes two calls more.
    ///
    /// `GET /admin/realms/{realm}/group-by-path/{path}`; python-keycloak `get_group_by_path`
    pub async fn by_path(&self, path: &str) -> Result<Option<Value>, CallError> {
        let path = path.strip_prefix('/').unwrap_or(path);
        let place = path.split('/').fold(self.realm.fixed("group-by-path"), |place, name| place.child(name));
        match place.get().await {
            Ok(group) => Ok(Some(group)),
            Err(error) if error.is_not_found() => self.by_searched_path(path).await,
            Err(error) => Err(error),
        }
    }

    /// The group of a path below a group: in the tree of `subGroups` that the group holds if it is there, else from the
    /// server.
    ///
    /// `GET /admin/realms/{realm}/group-by-path/{path}`; python-keycloak `get_subgroups`
    pub async fn subgroup(&self, group: &Value, path: &str) -> Result<Option<Value>, CallError> {
        if let Some(found) = below(group, path) {
            return Ok(Some(found.clone()));
        }
        let above = group.get("path").and_then(Value::as_str);
        let is_below =
            above.and_then(|above| path.strip_prefix(above)).is_some_and(|rest| rest.starts_with('/'));
        if is_below { self.by_path(path).await } else { Ok(None) }
    }

    /// The id of the group of that name, on the highest level or right below `parent`.
    pub(super) async fn id_of(&self, name: &str, parent: Option<&str>) -> Result<Option<String>, CallError> {
        let query = Query::new().with("search", name).with("exact", true);
        let groups = match parent {
            Some(parent) => self.children(parent, query),
            None => self.list(query),
        };
        let has_name = |group: &Value| group.get("name").and_then(Value::as_str) == Some(name);
        let mut named = pin!(groups.stream().try_filter(|group| ready(has_name(group))));
        let group = named.try_next().await?;
        group.map(|group| answer::text(&group, "id").map(str::to_owned)).transpose()
    }

    async fn by_searched_path(&self, path: &str) -> Result<Option<Value>, CallError> {
        // Without a `/` there was no other way to read it.
        let Some((_, last)) = path.rsplit_once('/') else { return Ok(None) };
        let path = format!("/{path}");
        let mut tops = pin!(self.list(Query::new().with("search", last)).stream());
        while let Some(top) = tops.try_next().await? {
            let found = if has_path(&top, &path) { Some(&top) } else { below(&top, &path) };
            if let Some(group) = found {
                return self.get(answer::text(group, "id")?).await.map(Some);
            }
        }
        Ok(None)
    }
}

fn has_path(group: &Value, path: &str) -> bool {
    group.get("path").and_then(Value::as_str) == Some(path)
}

/// The group of a path in the tree that a group holds.
fn below<'a>(group: &'a Value, path: &str) -> Option<&'a Value> {
    let mut open: Vec<&Value> = vec![group];
    while let Some(group) = open.pop() {
        let children =
            group.get("subGroups").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        if let Some(found) = children.iter().find(|child| has_path(child, path)) {
            return Some(found);
        }
        open.extend(children);
    }
    None
}
