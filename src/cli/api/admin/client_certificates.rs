//! Client Attribute Certificate.

use serde_json::Value;

use super::Scene;
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;

/// Where python-keycloak puts a certificate.
const ATTRIBUTE: &str = "jwt.credential";

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let at = |attribute: &str| {
        Ok::<_, Failure>(scene.realm.clients().certificates(args.text("client_id")?, attribute))
    };
    Ok(Some(match method {
        "upload_certificate" => at(ATTRIBUTE)?.upload(args.text("certcont")?).await?,
        "get_client_certificate_key_info" => at(args.text("attribute")?)?.get().await?,
        _ => return Ok(None),
    }))
}
