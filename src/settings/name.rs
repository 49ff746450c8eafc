//! Names of resources, as they stand in requests and answers, and what is refused as one. Knows no store.

use std::fmt;

use super::{AgentId, TenantId};

/// No name of the kind that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a name of the form {0}")]
pub struct InvalidName(&'static str);

/// Whose words: a tenant's, right for all its agents, or one agent's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DictionaryOwner {
    /// The tenant.
    pub tenant: TenantId,
    /// The agent; `None`: the tenant itself.
    pub agent: Option<AgentId>,
}

impl DictionaryOwner {
    /// The tenant itself.
    #[must_use]
    pub const fn tenant(tenant: TenantId) -> Self {
        Self { tenant, agent: None }
    }

    /// One of its agents.
    #[must_use]
    pub const fn agent(tenant: TenantId, agent: AgentId) -> Self {
        Self { tenant, agent: Some(agent) }
    }

    /// The name of one of its words.
    #[must_use]
    pub fn word_name(&self, word: DictionaryWordId) -> String {
        format!("{self}/dictionaryWords/{word}")
    }
}

/// `tenants/{tenant}` or `tenants/{tenant}/agents/{agent}`.
impl fmt::Display for DictionaryOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tenants/{}", self.tenant)?;
        self.agent.as_ref().map_or(Ok(()), |agent| write!(f, "/agents/{agent}"))
    }
}

/// The id of a word, made by the store; ascends in the order in which words are added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DictionaryWordId(pub i64);

impl fmt::Display for DictionaryWordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The id of a candidate for a tenant's dictionary, made by the store; ascends in the order in which candidates are first reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DictionaryCandidateId(pub i64);

impl fmt::Display for DictionaryCandidateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The name of a candidate for a tenant's dictionary.
#[must_use]
pub fn candidate_name(tenant: &TenantId, candidate: DictionaryCandidateId) -> String {
    format!("tenants/{tenant}/dictionaryCandidates/{candidate}")
}

/// Reads `tenants/{tenant}`.
///
/// # Errors
/// [`InvalidName`], if it is none.
pub fn parse_tenant(name: &str) -> Result<TenantId, InvalidName> {
    match parse(name) {
        Some((DictionaryOwner { tenant, agent: None }, "")) => Ok(tenant),
        _ => Err(InvalidName("tenants/{tenant}")),
    }
}

/// Reads `tenants/{tenant}/agents/{agent}`.
///
/// # Errors
/// [`InvalidName`], if it is none.
pub fn parse_agent(name: &str) -> Result<(TenantId, AgentId), InvalidName> {
    match parse(name) {
        Some((DictionaryOwner { tenant, agent: Some(agent) }, "")) => Ok((tenant, agent)),
        _ => Err(InvalidName("tenants/{tenant}/agents/{agent}")),
    }
}

/// Reads the name of either.
///
/// # Errors
/// [`InvalidName`], if it is none.
pub fn parse_owner(name: &str) -> Result<DictionaryOwner, InvalidName> {
    match parse(name) {
        Some((owner, "")) => Ok(owner),
        _ => Err(InvalidName("tenants/{tenant} or tenants/{tenant}/agents/{agent}")),
    }
}

/// Reads `{owner}/dictionaryWords/{word}`.
///
/// # Errors
/// [`InvalidName`], if it is none.
pub fn parse_word(name: &str) -> Result<(DictionaryOwner, DictionaryWordId), InvalidName> {
    let expected = InvalidName(
        "tenants/{tenant}/dictionaryWords/{word} or tenants/{tenant}/agents/{agent}/dictionaryWords/{word}",
    );
    let (owner, rest) = parse(name).ok_or(expected)?;
    let id = rest.strip_prefix("/dictionaryWords/").and_then(parse_number).ok_or(expected)?;
    Ok((owner, DictionaryWordId(id)))
}

/// Reads `tenants/{tenant}/dictionaryCandidates/{candidate}`.
///
/// # Errors
/// [`InvalidName`], if it is none.
pub fn parse_candidate(name: &str) -> Result<(TenantId, DictionaryCandidateId), InvalidName> {
    match parse(name) {
        Some((DictionaryOwner { tenant, agent: None }, rest)) => rest
            .strip_prefix("/dictionaryCandidates/")
            .and_then(parse_number)
            .map(|id| (tenant, DictionaryCandidateId(id))),
        _ => None,
    }
    .ok_or(InvalidName("tenants/{tenant}/dictionaryCandidates/{candidate}"))
}

/// A number of the server's, in one spelling only: no sign, no leading zero.
fn parse_number(id: &str) -> Option<i64> {
    id.parse().ok().filter(|number: &i64| *number > 0 && number.to_string() == id)
}

/// The owner that a name begins with, and what follows it.
fn parse(name: &str) -> Option<(DictionaryOwner, &str)> {
    let (tenant, rest) = segment(name.strip_prefix("tenants/")?);
    let tenant = TenantId::new(tenant).ok()?;
    let Some(after) = rest.strip_prefix("/agents/") else { return Some((DictionaryOwner::tenant(tenant), rest)) };
    let (agent, rest) = segment(after);
    Some((DictionaryOwner::agent(tenant, AgentId::new(agent).ok()?), rest))
}

fn segment(text: &str) -> (&str, &str) {
    text.split_at(text.find('/').unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_written_alike() {
        for name in ["tenants/acme", "tenants/a/agents/b.c"] {
            assert_eq!(parse_owner(name).map(|owner| owner.to_string()), Ok(name.to_owned()));
        }
        for name in ["tenants/acme/dictionaryWords/1", "tenants/a/agents/b/dictionaryWords/9223372036854775807"] {
            assert_eq!(parse_word(name).map(|(owner, id)| owner.word_name(id)), Ok(name.to_owned()));
        }
        let candidate = parse_candidate("tenants/acme/dictionaryCandidates/7").unwrap();
        assert_eq!(candidate_name(&candidate.0, candidate.1), "tenants/acme/dictionaryCandidates/7");
        assert!(parse_candidate("tenants/acme/agents/ana/dictionaryCandidates/7").is_err());
        assert!(parse_tenant("tenants/acme").is_ok());
        assert!(parse_agent("tenants/acme/agents/ana").is_ok());
    }

    #[test]
    fn tricks_are_refused() {
        for name in [
            "",
            "tenants",
            "tenants/",
            "tenants//",
            "/tenants/a",
            "tenants/a/",
            "Tenants/a",
            "tenants/a/agents",
            "tenants/a/agents/",
            "tenants/a/agents/../b",
            "tenants/../a",
            "tenants/a%2Fb",
            "tenants/a'--",
            "tenants/*",
            "tenants/-",
            "tenants/a/agents/b/",
            "tenants/a/agents/b/agents/c",
            "tenants/a\0",
            "agents/a",
        ] {
            assert!(parse_owner(name).is_err(), "{name:?}");
            assert!(parse_tenant(name).is_err(), "{name:?}");
            assert!(parse_agent(name).is_err(), "{name:?}");
        }
        assert!(parse_tenant("tenants/a/agents/b").is_err());
        assert!(parse_agent("tenants/a").is_err());
        for id in ["", "0", "-1", "+1", "01", "1/", "1 ", "x", "9223372036854775808", "1/dictionaryWords/1"] {
            assert!(parse_word(&format!("tenants/a/dictionaryWords/{id}")).is_err(), "{id:?}");
            assert!(parse_candidate(&format!("tenants/a/dictionaryCandidates/{id}")).is_err(), "{id:?}");
        }
    }
}
