//! [`LearningStore`] over any engine: what is decided within a transaction about reports of marks and the words in them. The statements
//! are in `learning_statements`.

use std::{
    collections::{BTreeMap, HashSet},
    time::SystemTime,
};

use super::{
    changes,
    lists::{self, one_more},
    rows::milliseconds,
    store::DatabaseStore,
    transaction::Transaction,
};
use crate::settings::{
    AgentId, AuditContext, DictionaryOwner, DictionaryWord, PageRequest, PagedItems, StoreError, TenantId,
    learning::{
        CANDIDATE_RETENTION, DictionaryCandidate, FeedbackAction, FeedbackKey, LearningStore, MAX_CANDIDATES,
        MAX_WORDS_OF_AGENT, SpellingFeedback,
    },
    name::{DictionaryCandidateId, candidate_name},
};

#[async_trait::async_trait]
impl LearningStore for DatabaseStore {
    async fn record_spelling_feedback(
        &self,
        tenant: &TenantId,
        agent: &AgentId,
        feedback: &[SpellingFeedback],
        now: SystemTime,
    ) -> Result<(), StoreError> {
        self.in_turn(self.turns.feedback(tenant), |transaction| {
            record_spelling_feedback(transaction, tenant, agent, feedback, now)
        })
        .await
    }

    async fn list_candidates(
        &self,
        tenant: &TenantId,
        min_agents: u32,
        now: SystemTime,
        page: &PageRequest,
    ) -> Result<PagedItems<DictionaryCandidate>, StoreError> {
        let after = lists::key(page, 0)?;
        self.read(async |mut transaction| {
            let oldest = oldest_report(now);
            let items = transaction.list_candidates(tenant, min_agents, oldest, after, one_more(page)).await?;
            if items.is_empty() && transaction.get_versions(tenant).await?.is_none() {
                return Err(StoreError::NotFound);
            }
            Ok(PagedItems::from_overfetched(items, page.size, |candidate| candidate.id.to_string()))
        })
        .await
    }

    async fn accept_candidate(
        &self,
        tenant: &TenantId,
        id: DictionaryCandidateId,
        by: &AuditContext,
    ) -> Result<DictionaryWord, StoreError> {
        self.write(tenant, |transaction| accept_candidate(transaction, tenant, id, by)).await
    }

    async fn dismiss_candidate(
        &self,
        tenant: &TenantId,
        id: DictionaryCandidateId,
        by: &AuditContext,
    ) -> Result<(), StoreError> {
        self.write(tenant, |transaction| dismiss_candidate(transaction, tenant, id, by)).await
    }

    async fn delete_expired_candidates(&self, now: SystemTime) -> Result<u64, StoreError> {
        let delete = async {
            let mut transaction = self.engine.write().await?;
            let deleted = transaction.delete_expired_candidates(oldest_report(now)).await?;
            transaction.commit().await?;
            Ok(deleted)
        };
        self.within(delete).await
    }
}

/// What was last reported before this has expired.
fn oldest_report(now: SystemTime) -> i64 {
    milliseconds(now.checked_sub(CANDIDATE_RETENTION).unwrap_or(SystemTime::UNIX_EPOCH))
}

/// What is reported of one word together.
#[derive(Default)]
struct WordReport {
    language: &'static str,
    ignored: u32,
    added: u32,
}

async fn record_spelling_feedback(
    mut transaction: Transaction,
    tenant: &TenantId,
    agent: &AgentId,
    feedback: &[SpellingFeedback],
    now: SystemTime,
) -> Result<(), StoreError> {
    transaction.lock_feedback(tenant).await?;
    let Some(learns) = transaction.get_dictionary_learning(tenant).await? else { return Ok(()) };
    let mut counts: BTreeMap<FeedbackKey, i64> = BTreeMap::new();
    // In the order in which they are reported; a few.
    let mut words: Vec<(&str, WordReport)> = Vec::new();
    for SpellingFeedback { key, word } in feedback {
        *counts.entry(*key).or_default() += 1;
        if let Some(word) = word.as_deref().filter(|_| learns) {
            let place = words.iter().position(|(known, _)| *known == word).unwrap_or(words.len());
            if place == words.len() {
                words.push((word, WordReport::default()));
            }
            let report = &mut words[place].1;
            report.language = key.language;
            match key.action {
                FeedbackAction::Accepted => {}
                FeedbackAction::Ignored => report.ignored += 1,
                FeedbackAction::Added => report.added += 1,
            }
        }
    }
    for (key, count) in counts {
        transaction.record_feedback_key(tenant, key, count).await?;
    }
    if !words.is_empty() {
        record_words(&mut transaction, tenant, agent, words, now).await?;
    }
    transaction.commit().await
}

async fn record_words(
    transaction: &mut Transaction,
    tenant: &TenantId,
    agent: &AgentId,
    words: Vec<(&str, WordReport)>,
    now: SystemTime,
) -> Result<(), StoreError> {
    let texts: Vec<String> = words.iter().map(|(word, _)| (*word).to_owned()).collect();
    let owner = DictionaryOwner::tenant(tenant.clone());
    let known = transaction.find_words(&owner, &texts).await?;
    let known: HashSet<&str> = known.iter().map(|word| word.text.as_str()).collect();
    let mut of_agent = transaction.count_agent_candidates(tenant, agent).await?;
    // Only asked for when a word is new.
    let mut of_tenant = None;
    let reported = milliseconds(now);
    for (word, WordReport { language, ignored, added }) in words {
        if known.contains(word) {
            continue;
        }
        let counts = [i64::from(ignored), i64::from(added)];
        let id = match transaction.record_candidate(tenant, word, language, counts, reported).await? {
            Some(id) => id,
            None if of_agent >= MAX_WORDS_OF_AGENT => continue,
            None => {
                let counted = match of_tenant {
                    Some(there) => there,
                    None => transaction.count_candidates(tenant).await?,
                };
                let there = of_tenant.insert(counted);
                if *there >= MAX_CANDIDATES {
                    continue;
                }
                *there += 1;
                transaction.create_candidate(tenant, word, language, counts, reported).await?
            }
        };
        if of_agent < MAX_WORDS_OF_AGENT && transaction.record_candidate_agent(id, tenant, agent).await? {
            of_agent += 1;
        }
    }
    Ok(())
}

async fn accept_candidate(
    mut transaction: Transaction,
    tenant: &TenantId,
    id: DictionaryCandidateId,
    by: &AuditContext,
) -> Result<DictionaryWord, StoreError> {
    let owner = DictionaryOwner::tenant(tenant.clone());
    changes::lock_tenant(&mut transaction, tenant).await?;
    let texts = [transaction.delete_candidate(tenant, id).await?.ok_or(StoreError::NotFound)?];
    let mut words = transaction.find_words(&owner, &texts).await?;
    if words.is_empty() {
        words = changes::create_missing_words(&mut transaction, &owner, &texts, by).await?;
        transaction.update_versions(tenant, true).await?;
    }
    let [text] = texts;
    transaction.record_audit_entries(tenant, by, &[changes::gone(candidate_name(tenant, id), text)]).await?;
    transaction.commit().await?;
    words.pop().ok_or(StoreError::Damaged)
}

async fn dismiss_candidate(
    mut transaction: Transaction,
    tenant: &TenantId,
    id: DictionaryCandidateId,
    by: &AuditContext,
) -> Result<(), StoreError> {
    changes::lock_tenant(&mut transaction, tenant).await?;
    let text = transaction.dismiss_candidate(tenant, id).await?.ok_or(StoreError::NotFound)?;
    transaction.record_audit_entries(tenant, by, &[changes::gone(candidate_name(tenant, id), text)]).await?;
    transaction.commit().await
}
