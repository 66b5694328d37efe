use std::collections::HashMap;

use jiff::Timestamp;

use super::error::ApiError;
use super::request::{Attributes, Condition, Return};

/// Items the table holds.
const MAX_ITEMS: usize = 65_536;

/// Bytes the keys and values of the table have together, in the Base64 they are kept in.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// Largest item, in bytes of key and decoded value (DynamoDB quotas; names and numbers are not counted here).
const MAX_ITEM: usize = 400 * 1024;

/// Items by key. As on AWS, one that has expired stays for a while: here, until the table is full.
#[derive(Debug, Default)]
pub(super) struct Table {
    items: HashMap<String, Attributes>,
    bytes: usize,
}

impl Table {
    pub(super) fn get(&self, key: &str) -> Option<&Attributes> {
        self.items.get(key)
    }

    pub(super) fn put(&mut self, item: Attributes, condition: Condition, on_failure: Return) -> Result<(), ApiError> {
        let old = self.items.get(&item.pk.text);
        let holds = match condition {
            Condition::None => true,
            Condition::Absent { now } => old.is_none_or(|old| old.expires.number <= now),
            Condition::Version { version, now } => {
                old.is_some_and(|old| old.version.number == version && old.expires.number > now)
            }
        };
        if !holds {
            let shown = old.filter(|_| on_failure == Return::AllOld);
            return Err(ApiError::ConditionFailed(shown.cloned().map(Box::new)));
        }
        if item.pk.text.len() + item.v.base64.len() / 4 * 3 > MAX_ITEM {
            return Err(ApiError::Validation("Item size has exceeded the maximum allowed size".to_owned()));
        }
        self.make_room(&item)?;
        self.remove(&item.pk.text);
        self.bytes += size(&item);
        self.items.insert(item.pk.text.clone(), item);
        Ok(())
    }

    fn make_room(&mut self, item: &Attributes) -> Result<(), ApiError> {
        if !self.fits(item) {
            let now = Timestamp::now().as_second();
            let expired = |item: &Attributes| i64::try_from(item.expires.number).is_ok_and(|expires| expires <= now);
            let gone: Vec<_> =
                self.items.values().filter(|item| expired(item)).map(|item| item.pk.text.clone()).collect();
            for key in gone {
                self.remove(&key);
            }
        }
        if self.fits(item) { Ok(()) } else { Err(ApiError::Full) }
    }

    fn fits(&self, item: &Attributes) -> bool {
        let old = self.items.get(&item.pk.text);
        let items = self.items.len() + usize::from(old.is_none());
        items <= MAX_ITEMS && self.bytes - old.map_or(0, size) + size(item) <= MAX_BYTES
    }

    fn remove(&mut self, key: &str) {
        self.bytes -= self.items.remove(key).as_ref().map_or(0, size);
    }
}

fn size(item: &Attributes) -> usize {
    item.pk.text.len() + item.v.base64.len()
}
