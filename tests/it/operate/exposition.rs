//! OpenMetrics 1.0 text, read strictly.

use std::collections::{BTreeMap, BTreeSet};

/// A sample: its name and its labels, in order.
type Key = (String, BTreeMap<String, String>);

pub(crate) struct Exposition {
    pub(crate) samples: BTreeMap<Key, f64>,
    /// Of each family.
    pub(crate) types: BTreeMap<String, String>,
}

impl Exposition {
    /// Panics at the first thing that the format does not allow.
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.strip_suffix("# EOF\n").expect("the end mark");
        let mut parsed = Self { samples: BTreeMap::new(), types: BTreeMap::new() };
        let mut family = String::new();
        for line in text.lines() {
            assert!(!line.is_empty() && !line.starts_with("# EOF"), "in the middle: `{line}`");
            if let Some(comment) = line.strip_prefix("# ") {
                let (keyword, rest) = comment.split_once(' ').expect("a keyword");
                let (name, value) = rest.split_once(' ').expect("a name and a value");
                if name != family {
                    assert!(!parsed.types.contains_key(name), "`{name}` stands in two places");
                    name.clone_into(&mut family);
                }
                match keyword {
                    "TYPE" => drop(parsed.types.insert(name.to_owned(), value.to_owned())),
                    "UNIT" => assert!(name.ends_with(&format!("_{value}")), "{line}"),
                    "HELP" => assert!(!value.is_empty(), "{line}"),
                    _ => panic!("{line}"),
                }
                continue;
            }
            let (key, value) = sample(line);
            let kind = parsed.types.get(&family).unwrap_or_else(|| panic!("no type before `{line}`"));
            let suffix =
                key.0.strip_prefix(&family).unwrap_or_else(|| panic!("`{line}` is not of `{family}`"));
            let allowed: &[&str] = match kind.as_str() {
                "counter" => &["_total"],
                "gauge" => &[""],
                "info" => &["_info"],
                "histogram" => &["_bucket", "_sum", "_count"],
                _ => panic!("a type of no use here: {kind}"),
            };
            assert!(allowed.contains(&suffix), "{line}");
            assert!(parsed.samples.insert(key, value).is_none(), "twice: {line}");
        }
        parsed.check_histograms();
        parsed
    }

    /// The sample with these labels; 0 if there is none.
    pub(crate) fn value(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.samples.get(&(name.to_owned(), labels.collect())).copied().unwrap_or_default()
    }

    /// All values of a label of a sample.
    pub(crate) fn values(&self, name: &str, label: &str) -> BTreeSet<&str> {
        let named = self.samples.keys().filter(|key| key.0 == name);
        named.filter_map(|key| key.1.get(label).map(String::as_str)).collect()
    }

    /// The names of the labels of a sample.
    pub(crate) fn labels(&self, name: &str) -> BTreeSet<&str> {
        let named = self.samples.keys().filter(|key| key.0 == name);
        named.flat_map(|key| key.1.keys().map(String::as_str)).collect()
    }

    fn check_histograms(&self) {
        for (family, _) in self.types.iter().filter(|(_, kind)| *kind == "histogram") {
            let mut series: BTreeMap<BTreeMap<String, String>, Vec<(f64, f64)>> = BTreeMap::new();
            for ((name, labels), value) in &self.samples {
                if *name == format!("{family}_bucket") {
                    let mut labels = labels.clone();
                    let bound = labels.remove("le").expect("a bound").replace("+Inf", "inf");
                    series.entry(labels).or_default().push((bound.parse().expect("a number"), *value));
                }
            }
            for (labels, mut buckets) in series {
                buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
                assert!(buckets.is_sorted_by(|one, other| one.1 <= other.1), "{family} {labels:?}");
                let count = self.samples.get(&(format!("{family}_count"), labels.clone()));
                let last = buckets.last().filter(|(bound, _)| bound.is_infinite()).map(|(_, count)| count);
                assert!(count.is_some() && count == last, "{family} {labels:?}");
            }
        }
    }
}

fn sample(line: &str) -> (Key, f64) {
    let (name, rest) = match line.find(['{', ' ']) {
        Some(at) => line.split_at(at),
        None => panic!("no value: {line}"),
    };
    let mut labels = BTreeMap::new();
    let mut rest = rest.strip_prefix('{').unwrap_or(rest);
    while let Some((label, value)) = rest.split_once("=\"").filter(|_| !rest.starts_with(' ')) {
        let mut end = 0;
        let bytes = value.as_bytes();
        while bytes[end] != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        let (value, after) = value.split_at(end);
        assert!(labels.insert(label.to_owned(), value.to_owned()).is_none(), "{line}");
        rest = after.strip_prefix("\",").or_else(|| after.strip_prefix("\"}")).expect("an end of the label");
    }
    let value = rest.strip_prefix(' ').unwrap_or_else(|| panic!("no value: {line}"));
    ((name.to_owned(), labels), value.parse().unwrap_or_else(|_| panic!("no number: {line}")))
}
