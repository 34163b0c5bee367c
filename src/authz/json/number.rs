//! Numbers as Java writes them.

use super::NotRead;

/// Longer numbers are not looked at: Jackson has a bound of its own.
const MAX_DIGITS: usize = 300;

/// What `asText` says of a number with this spelling: a whole one stays as it is, any other is a `double`.
pub(super) fn as_java(spelling: &str) -> Result<String, NotRead> {
    if spelling.len() > MAX_DIGITS {
        return Err(NotRead::Unsure);
    }
    if spelling == "-0" {
        return Ok("0".to_owned());
    }
    if !spelling.contains(['.', 'e', 'E']) {
        return Ok(spelling.to_owned());
    }
    match spelling.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(double(value)),
        _ => Err(NotRead::Unsure),
    }
}

/// `Double.toString`: the shortest digits that mean this value, two at least, with an exponent below 10^-3 and from 10^7.
fn double(value: f64) -> String {
    if value == 0.0 {
        return if value.is_sign_negative() { "-0.0".to_owned() } else { "0.0".to_owned() };
    }
    let mut scientific = format!("{value:e}");
    if !scientific.contains('.') {
        // Of two digits, those nearest to the value are taken: 4.9E-324, not 5.0E-324.
        let two = format!("{value:.1e}");
        if two.parse::<f64>() == Ok(value) {
            scientific = two;
        }
    }
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    if !(-3..7).contains(&exponent) {
        return format!("{sign}{whole}.{fraction}E{exponent}");
    }
    let digits = if fraction == "0" { whole.to_owned() } else { format!("{whole}{fraction}") };
    if exponent < 0 {
        let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
        return format!("{sign}0.{}{digits}", "0".repeat(zeros));
    }
    let whole = usize::try_from(exponent + 1).unwrap_or(1);
    let padded = format!("{digits}{}", "0".repeat(whole.saturating_sub(digits.len())));
    match padded.split_at_checked(whole) {
        Some((whole, fraction)) if !fraction.is_empty() => format!("{sign}{whole}.{fraction}"),
        _ => format!("{sign}{padded}.0"),
    }
}
