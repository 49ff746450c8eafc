//! The statements about reports of marks and about candidates for dictionaries, each alone; what they add up to is in `learning`. Times
//! are milliseconds. Knows no driver.

use super::{rows, transaction::Transaction};
use crate::settings::{
    AgentId, StoreError, TenantId,
    learning::{DictionaryCandidate, FeedbackKey, MAX_AGENTS},
    name::DictionaryCandidateId,
};

impl Transaction {
    /// Nobody else records what agents of the tenant report before this transaction has ended.
    pub(super) async fn lock_feedback(&mut self, tenant: &TenantId) -> Result<(), StoreError> {
        if let Some(lock) = self.dialect.lock_feedback {
            self.statement(lock).bind(tenant.as_str()).execute().await?;
        }
        Ok(())
    }

    /// Whether the tenant lets its dictionary learn; `None`: there is no such tenant.
    pub(super) async fn get_dictionary_learning(&mut self, tenant: &TenantId) -> Result<Option<bool>, StoreError> {
        let learns = self.statement("SELECT dictionary_learning FROM tenants WHERE id = $1").bind(tenant.as_str());
        learns.fetch_optional().await?.map(|row| row.get(0)).transpose()
    }

    pub(super) async fn record_feedback_key(
        &mut self,
        tenant: &TenantId,
        key: FeedbackKey,
        more: i64,
    ) -> Result<(), StoreError> {
        let count = self.statement(
            "INSERT INTO spelling_feedback (tenant, language, kind, action, suggestion, count) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant, language, kind, action, suggestion) \
             DO UPDATE SET count = spelling_feedback.count + excluded.count",
        );
        let count = count.bind(tenant.as_str()).bind(key.language).bind(key.kind).bind(key.action.as_str());
        count.bind(i64::from(key.rank)).bind(more).execute().await.map(drop)
    }

    /// Adds to the counts of a word; its id, if it is known.
    pub(super) async fn record_candidate(
        &mut self,
        tenant: &TenantId,
        text: &str,
        language: &str,
        [ignored, added]: [i64; 2],
        reported: i64,
    ) -> Result<Option<DictionaryCandidateId>, StoreError> {
        let known = self.statement(
            "UPDATE dictionary_candidates SET language = $3, ignored = ignored + $4, added = added + $5, reported = $6 \
             WHERE tenant = $1 AND text = $2 RETURNING id",
        );
        let known = known.bind(tenant.as_str()).bind(text).bind(language).bind(ignored).bind(added).bind(reported);
        known.fetch_optional().await?.map(|row| row.get(0).map(DictionaryCandidateId)).transpose()
    }

    pub(super) async fn create_candidate(
        &mut self,
        tenant: &TenantId,
        text: &str,
        language: &str,
        [ignored, added]: [i64; 2],
        reported: i64,
    ) -> Result<DictionaryCandidateId, StoreError> {
        let new = self.statement(
            "INSERT INTO dictionary_candidates (tenant, text, language, ignored, added, created, reported, dismissed) \
             VALUES ($1, $2, $3, $4, $5, $6, $6, $7) RETURNING id",
        );
        let new = new.bind(tenant.as_str()).bind(text).bind(language).bind(ignored).bind(added).bind(reported);
        new.bind(false).fetch_one().await?.get(0).map(DictionaryCandidateId)
    }

    /// Whether the agent is another than those of the word so far, of whom there is not yet the most that are told apart.
    pub(super) async fn record_candidate_agent(
        &mut self,
        id: DictionaryCandidateId,
        tenant: &TenantId,
        agent: &AgentId,
    ) -> Result<bool, StoreError> {
        let count = self.statement("SELECT count(*) FROM dictionary_candidate_agents WHERE candidate = $1").bind(id.0);
        if count.fetch_one().await?.get::<i64>(0)? >= i64::from(MAX_AGENTS) {
            return Ok(false);
        }
        let new = self.statement(
            "INSERT INTO dictionary_candidate_agents (candidate, tenant, agent) VALUES ($1, $2, $3) \
             ON CONFLICT DO NOTHING",
        );
        Ok(new.bind(id.0).bind(tenant.as_str()).bind(agent.as_str()).execute().await? == 1)
    }

    pub(super) async fn count_candidates(&mut self, tenant: &TenantId) -> Result<i64, StoreError> {
        let count = self.statement("SELECT count(*) FROM dictionary_candidates WHERE tenant = $1");
        count.bind(tenant.as_str()).fetch_one().await?.get(0)
    }

    /// Words that the agent has reported.
    pub(super) async fn count_agent_candidates(
        &mut self,
        tenant: &TenantId,
        agent: &AgentId,
    ) -> Result<i64, StoreError> {
        let count = self.statement("SELECT count(*) FROM dictionary_candidate_agents WHERE tenant = $1 AND agent = $2");
        count.bind(tenant.as_str()).bind(agent.as_str()).fetch_one().await?.get(0)
    }

    /// In the order of their ids.
    pub(super) async fn list_candidates(
        &mut self,
        tenant: &TenantId,
        min_agents: u32,
        oldest: i64,
        after: i64,
        limit: i64,
    ) -> Result<Vec<DictionaryCandidate>, StoreError> {
        let candidates = self.statement(
            "SELECT id, text, language, ignored, added, created, reported, agents FROM \
             (SELECT id, text, language, ignored, added, created, reported, \
              (SELECT count(*) FROM dictionary_candidate_agents WHERE candidate = one.id) AS agents \
              FROM dictionary_candidates AS one WHERE tenant = $1 AND id > $2 AND reported >= $3 AND NOT dismissed \
              AND NOT EXISTS (SELECT 1 FROM dictionary_words WHERE tenant = $1 AND agent = '' AND text = one.text)) \
             AS candidates WHERE agents >= $4 ORDER BY id LIMIT $5",
        );
        let candidates = candidates.bind(tenant.as_str()).bind(after).bind(oldest).bind(i64::from(min_agents));
        candidates.bind(limit).fetch_all().await?.iter().map(|row| rows::candidate(tenant, row)).collect()
    }

    /// Its text, if it was there and not dismissed.
    pub(super) async fn delete_candidate(
        &mut self,
        tenant: &TenantId,
        id: DictionaryCandidateId,
    ) -> Result<Option<String>, StoreError> {
        let text = self.statement(
            "DELETE FROM dictionary_candidates WHERE tenant = $1 AND id = $2 AND NOT dismissed RETURNING text",
        );
        let text = text.bind(tenant.as_str()).bind(id.0).fetch_optional().await?;
        text.map(|row| row.get(0)).transpose()
    }

    /// Its text, if it was there and not dismissed. Who reported it is of no more use.
    pub(super) async fn dismiss_candidate(
        &mut self,
        tenant: &TenantId,
        id: DictionaryCandidateId,
    ) -> Result<Option<String>, StoreError> {
        let text = self.statement(
            "UPDATE dictionary_candidates SET dismissed = $3 WHERE tenant = $1 AND id = $2 AND NOT dismissed \
             RETURNING text",
        );
        let text = text.bind(tenant.as_str()).bind(id.0).bind(true).fetch_optional().await?;
        text.map(|row| row.get(0)).transpose()
    }

    /// All of a tenant, with the agents who reported them.
    pub(super) async fn delete_candidates(&mut self, tenant: &TenantId) -> Result<(), StoreError> {
        let all = self.statement("DELETE FROM dictionary_candidates WHERE tenant = $1");
        all.bind(tenant.as_str()).execute().await.map(drop)
    }

    /// What tells that the agent has reported anything.
    pub(super) async fn delete_candidate_agent(
        &mut self,
        tenant: &TenantId,
        agent: &AgentId,
    ) -> Result<(), StoreError> {
        let all = self.statement("DELETE FROM dictionary_candidate_agents WHERE tenant = $1 AND agent = $2");
        all.bind(tenant.as_str()).bind(agent.as_str()).execute().await.map(drop)
    }

    /// Those last reported before. How many they were.
    pub(super) async fn delete_expired_candidates(&mut self, before: i64) -> Result<u64, StoreError> {
        self.statement("DELETE FROM dictionary_candidates WHERE reported < $1").bind(before).execute().await
    }
}
