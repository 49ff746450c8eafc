-- What was polished: ids, states and counts, never text. Times are milliseconds since 1970 in UTC, days are days since then.

CREATE TABLE polishes (
    id TEXT NOT NULL PRIMARY KEY,
    -- No foreign keys: what was charged outlives the settings until it is forgotten.
    tenant TEXT NOT NULL,
    agent TEXT NOT NULL,
    -- The client's own names of the conversation and of the request.
    conversation TEXT NOT NULL,
    request_id TEXT,
    -- A keyed hash of the request.
    fingerprint BYTEA,
    -- Whether it is being answered, and until when that is believed.
    reserved BOOLEAN NOT NULL,
    expires BIGINT NOT NULL,
    charged BOOLEAN NOT NULL,
    repeats BIGINT NOT NULL,
    day BIGINT NOT NULL,
    created BIGINT NOT NULL,
    feedback TEXT CHECK (feedback IN ('accepted', 'edited', 'discarded'))
);

CREATE UNIQUE INDEX polishes_by_request ON polishes (tenant, agent, request_id) WHERE request_id IS NOT NULL;
CREATE INDEX polishes_by_conversation ON polishes (tenant, conversation);
CREATE INDEX polishes_by_age ON polishes (created);

-- Requests to the model; the agent '' stands for the whole tenant.
CREATE TABLE polish_days (
    tenant TEXT NOT NULL,
    agent TEXT NOT NULL,
    day BIGINT NOT NULL,
    requests BIGINT NOT NULL,
    PRIMARY KEY (tenant, agent, day)
);

CREATE TABLE polish_feedback (
    tenant TEXT NOT NULL,
    feedback TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (tenant, feedback)
);
