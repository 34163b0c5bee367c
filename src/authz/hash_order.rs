//! The order in which a Java `HashSet<String>` or `HashMap<String, _>` is iterated.

/// Buckets that grow to this many entries may become trees, and then the order is another.
const TREE: usize = 8;

/// The smallest table.
const TABLE: usize = 16;

/// The distinct texts in the order of a hash set that grew while they were added one by one; `None` if a bucket may have
/// become a tree.
pub(super) fn hash_order<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Vec<&'a str>> {
    let mut set = HashTable::new(TABLE);
    for text in texts {
        set.insert(text)?;
        if set.length * 4 > set.buckets.len() * 3 {
            set = set.with_buckets(set.buckets.len() * 2)?;
        }
    }
    Some(set.texts())
}

/// The same, each with the number of its bucket: within one, the order is that of adding.
pub(super) fn hash_buckets<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Vec<(&'a str, usize)>> {
    let ordered = hash_order(texts)?;
    let mut buckets = TABLE;
    while ordered.len() * 4 > buckets * 3 {
        buckets *= 2;
    }
    Some(ordered.into_iter().map(|text| (text, bucket(text, buckets))).collect())
}

/// The same as [`hash_order`] for a set that was made at once from a collection of these distinct texts: its table has room for them from
/// the beginning.
pub(super) fn hash_order_of_copy<'a>(texts: &[&'a str]) -> Option<Vec<&'a str>> {
    // `new HashSet(collection)`: room for `size / 0.75 + 1`.
    let room = (texts.len() * 4 / 3 + 1).max(TABLE).next_power_of_two();
    let mut set = HashTable::new(room);
    for text in texts {
        set.insert(text)?;
    }
    Some(set.texts())
}

/// A table as Java's: a power of two of buckets, each in the order of insertion.
struct HashTable<'a> {
    buckets: Vec<Vec<&'a str>>,
    length: usize,
}

impl<'a> HashTable<'a> {
    fn new(buckets: usize) -> Self {
        Self { buckets: vec![Vec::new(); buckets], length: 0 }
    }

    fn insert(&mut self, text: &'a str) -> Option<()> {
        let buckets = self.buckets.len();
        let bucket = self.buckets.get_mut(bucket(text, buckets))?;
        if bucket.contains(&text) {
            return Some(());
        }
        if bucket.len() + 1 >= TREE {
            return None;
        }
        bucket.push(text);
        self.length += 1;
        Some(())
    }

    fn with_buckets(&self, buckets: usize) -> Option<Self> {
        let mut larger = Self::new(buckets);
        for text in self.buckets.iter().flatten() {
            larger.insert(text)?;
        }
        Some(larger)
    }

    fn texts(self) -> Vec<&'a str> {
        self.buckets.into_iter().flatten().collect()
    }
}

fn bucket(text: &str, buckets: usize) -> usize {
    usize::try_from(spread(text)).unwrap_or_default() & (buckets - 1)
}

/// `String.hashCode`, spread as `HashMap` does.
fn spread(text: &str) -> u32 {
    let hash =
        text.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
    hash ^ (hash >> 16)
}

#[cfg(test)]
mod tests;
