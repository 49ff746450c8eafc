-- Tenants, agents, dictionary words and the audit log. Times are milliseconds since 1970 in UTC.

CREATE TABLE tenants (
    id TEXT NOT NULL PRIMARY KEY,
    -- Of this row; the etag.
    revision INTEGER NOT NULL,
    -- Of the tenant, its agents and all their words together.
    settings_version INTEGER NOT NULL,
    -- The settings_version at which the tenant's own words last changed.
    words_version INTEGER NOT NULL,
    refine_response_enabled INTEGER NOT NULL CHECK (refine_response_enabled IN (0, 1)),
    -- No foreign key: it may be created later and outlives its agent.
    administrator_agent TEXT,
    intelligent_agent_limit INTEGER NOT NULL CHECK (intelligent_agent_limit >= 0),
    language_code TEXT NOT NULL,
    conversation_polish_limit INTEGER NOT NULL CHECK (conversation_polish_limit >= 0),
    agent_daily_polish_limit INTEGER NOT NULL CHECK (agent_daily_polish_limit >= 0),
    tenant_daily_polish_limit INTEGER NOT NULL CHECK (tenant_daily_polish_limit >= 0),
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE agents (
    tenant TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('audio', 'video', 'multimedia', 'versatile')),
    intelligent_recognition INTEGER NOT NULL CHECK (intelligent_recognition IN (0, 1)),
    reply_polishing INTEGER NOT NULL CHECK (reply_polishing IN (0, 1)),
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX intelligent_agents ON agents (tenant) WHERE intelligent_recognition = 1;

CREATE TABLE dictionary_words (
    -- Never given twice, so that the name of a word that is gone never means another.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    -- Empty: the tenant itself.
    agent TEXT NOT NULL,
    text TEXT NOT NULL,
    created INTEGER NOT NULL,
    UNIQUE (tenant, agent, text)
) STRICT;

CREATE INDEX dictionary_words_in_order ON dictionary_words (tenant, agent, id);

-- Outlives what it tells of.
CREATE TABLE audit_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    time INTEGER NOT NULL,
    actor TEXT NOT NULL,
    request_id TEXT NOT NULL,
    resource TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('create', 'update', 'delete')),
    field TEXT NOT NULL,
    old_value TEXT NOT NULL,
    new_value TEXT NOT NULL
) STRICT;

CREATE INDEX audit_entries_of_tenant ON audit_entries (tenant, id);
