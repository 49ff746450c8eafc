//! Tenants, agents, their switches and words: what they are, and the traits by which the rest reads and changes them. Knows no
//! database (`storage` does), no wire format, no caller's rights.

pub mod agent;
pub mod agent_type;
pub mod audit;
pub mod cache;
pub mod fields;
pub mod free_text;
pub mod id;
pub mod learning;
pub mod name;
pub mod page;
pub mod reader;
pub mod rules;
pub mod store;
pub mod store_error;
pub mod tenant;
pub mod word;

pub use agent::Agent;
pub use agent_type::AgentType;
pub use audit::AuditContext;
pub use cache::Cache;
pub use fields::{AgentFields, AgentUpdate, TenantFields, TenantUpdate};
pub use free_text::FreeText;
pub use id::{AgentId, InvalidId, TenantId};
pub use learning::LearningStore;
pub use name::{DictionaryOwner, DictionaryWordId};
pub use page::{PageRequest, PagedItems};
pub use reader::{NoSettings, PolishingSettings, SettingsReader, SettingsUnavailable, SpellingSettings};
pub use store::SettingsStore;
pub use store_error::StoreError;
pub use tenant::Tenant;
pub use word::DictionaryWord;
