//! Attack Detection.

use serde_json::Value;

use super::{Scene, done};
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let detection = scene.realm.attack_detection();
    Ok(Some(match method {
        "get_bruteforce_detection_status" => detection.status(args.text("user_id")?).await?,
        "clear_bruteforce_attempts_for_user" => done(detection.clear(args.text("user_id")?).await)?,
        "clear_all_bruteforce_attempts" => done(detection.clear_all().await)?,
        _ => return Ok(None),
    }))
}
