//! "Did you mean `x`?"

/// The known name that is most like the one given, if one is like it at all.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = folded(name);
    let bound = (given.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|candidate| (distance(&given, &folded(candidate)), candidate))
        .filter(|(distance, _)| *distance <= bound)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A hint for an unknown name: the one that was meant, or all there are.
pub(super) fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    if let Some(meant) = nearest(name, known.clone()) {
        return Some(format!("did you mean `{meant}`?"));
    }
    let all = listed(known);
    (!all.is_empty()).then(|| format!("known here: {all}"))
}

/// Names in backticks with commas.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Case and the choice of `-` or `_` are the commonest slips, so they cost nothing.
fn folded(name: &str) -> String {
    name.to_lowercase().replace('-', "_")
}

/// Edit distance in which two swapped neighbours count once (optimal string alignment).
pub(super) fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    let mut last = None;
    for (row, a) in left.chars().enumerate() {
        let mut current = vec![row + 1];
        let mut passed = None;
        for (column, b) in right.iter().copied().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut cost = (at(&previous, column) + usize::from(a != b))
                .min(at(&previous, column + 1) + 1)
                .min(at(&current, column) + 1);
            if last == Some(b) && passed == Some(a) {
                cost = cost.min(at(&before, column - 1) + 1);
            }
            current.push(cost);
            passed = Some(b);
        }
        before = std::mem::replace(&mut previous, current);
        last = Some(a);
    }
    previous.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests;
