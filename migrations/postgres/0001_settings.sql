-- Tenants, agents, dictionary words and the audit log. Times are milliseconds since 1970 in UTC. Ids are compared by their
-- bytes, so that the order of a page does not depend on the locale.

CREATE TABLE tenants (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    -- Of this row; the etag.
    revision BIGINT NOT NULL,
    -- Of the tenant, its agents and all their words together.
    settings_version BIGINT NOT NULL,
    -- The settings_version at which the tenant's own words last changed.
    words_version BIGINT NOT NULL,
    refine_response_enabled BOOLEAN NOT NULL,
    -- No foreign key: it may be created later and outlives its agent.
    administrator_agent TEXT COLLATE "C",
    intelligent_agent_limit BIGINT NOT NULL CHECK (intelligent_agent_limit >= 0),
    language_code TEXT NOT NULL,
    conversation_polish_limit BIGINT NOT NULL CHECK (conversation_polish_limit >= 0),
    agent_daily_polish_limit BIGINT NOT NULL CHECK (agent_daily_polish_limit >= 0),
    tenant_daily_polish_limit BIGINT NOT NULL CHECK (tenant_daily_polish_limit >= 0),
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

CREATE TABLE agents (
    tenant TEXT COLLATE "C" NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('audio', 'video', 'multimedia', 'versatile')),
    intelligent_recognition BOOLEAN NOT NULL,
    reply_polishing BOOLEAN NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE INDEX intelligent_agents ON agents (tenant) WHERE intelligent_recognition;

CREATE TABLE dictionary_words (
    -- Never given twice, so that the name of a word that is gone never means another.
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant TEXT COLLATE "C" NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    -- Empty: the tenant itself.
    agent TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    UNIQUE (tenant, agent, text)
);

CREATE INDEX dictionary_words_in_order ON dictionary_words (tenant, agent, id);

-- Outlives what it tells of.
CREATE TABLE audit_entries (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant TEXT COLLATE "C" NOT NULL,
    time BIGINT NOT NULL,
    actor TEXT NOT NULL,
    request_id TEXT NOT NULL,
    resource TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('create', 'update', 'delete')),
    field TEXT NOT NULL,
    old_value TEXT NOT NULL,
    new_value TEXT NOT NULL
);

CREATE INDEX audit_entries_of_tenant ON audit_entries (tenant, id);
