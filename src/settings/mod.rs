//! Tenants, agents, their switches and words: what they are, and the traits by which the rest reads and changes them. Knows no
//! database (`storage` does), no wire format, no caller's rights.

pub mod agent;
pub mod audit;
pub mod cache;
pub mod id;
pub mod name;
pub mod page;
pub mod reader;
pub mod rules;
pub mod store;
pub mod tenant;
pub mod word;

pub use agent::{Agent, AgentType};
pub use audit::By;
pub use cache::Cache;
pub use id::{AgentId, InvalidId, TenantId};
pub use name::{Owner, WordId};
pub use page::{Page, Paged};
pub use reader::{NoSettings, Reader, SpellingSettings, Unavailable, View};
pub use store::{Store, StoreError};
pub use tenant::Tenant;
pub use word::DictionaryWord;
