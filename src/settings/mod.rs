//! Tenants, agents, their switches and words: what they are, and the traits by which the rest reads and changes them. Knows no
//! database (`storage` does), no wire format, no caller's rights.

pub mod agent;
pub mod id;
pub mod reader;
pub mod tenant;

pub use agent::{Agent, AgentType};
pub use id::{AgentId, InvalidId, TenantId};
pub use reader::{NoSettings, Reader, SpellingSettings, Unavailable, View};
pub use tenant::Tenant;
