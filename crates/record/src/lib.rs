#![doc = include_str!("../README.md")]

mod checkpoint;
mod context;
mod delegation;
mod id;
mod json;
mod keys;
mod language;
pub mod merkle;
pub mod multikey;
mod place;
pub mod proof;
mod quantity;
mod record;
mod refused;
mod space;
mod text;
mod time;
mod tombstone;

pub use checkpoint::Checkpoint;
pub use context::{NAMESPACE, context};
pub use delegation::{Delegation, DelegationError, Scope};
pub use id::{Hash, HashError, IdError, RecordId, short_id, uuid_v7};
pub use json::{JsonError, MAX_DEPTH, canonical, parse_strict};
pub use keys::{Did, DidError, SecretKey};
pub use language::{Language, LanguageError};
pub use place::{Place, PlaceError};
pub use quantity::{AmountError, Currency, Decimal, Money, Quantity, Unit};
pub use record::{Draft, DraftError, ENVELOPE, MAX_RECORD_BYTES, Record, Signing};
pub use refused::{Refused, VerifyCode};
pub use space::{Space, SpaceError};
pub use time::{Timestamp, TimestampError};
pub use tombstone::{Tombstone, TombstoneTarget};
pub use uuid::Uuid;
