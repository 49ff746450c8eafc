-- What agents do with marks: counts, and, of tenants that wish so, words that may be added to their dictionaries. Never text around
-- them. Times are milliseconds since 1970 in UTC.

ALTER TABLE tenants ADD COLUMN dictionary_learning BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE spelling_feedback (
    tenant TEXT COLLATE "C" NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    language TEXT NOT NULL,
    kind TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('accepted', 'ignored', 'added')),
    -- Which was taken, from 1; 0: none, or not said.
    suggestion BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (tenant, language, kind, action, suggestion)
);

CREATE TABLE dictionary_candidates (
    -- Never given twice, so that the name of one that is gone never means another.
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant TEXT COLLATE "C" NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    text TEXT COLLATE "C" NOT NULL,
    -- Of the latest report.
    language TEXT NOT NULL,
    ignored BIGINT NOT NULL,
    added BIGINT NOT NULL,
    created BIGINT NOT NULL,
    -- Forgotten some time after this.
    reported BIGINT NOT NULL,
    -- Kept as long as it is reported, so that it is not offered again.
    dismissed BOOLEAN NOT NULL,
    UNIQUE (tenant, text)
);

CREATE INDEX dictionary_candidates_in_order ON dictionary_candidates (tenant, id);
CREATE INDEX dictionary_candidates_by_age ON dictionary_candidates (reported);

-- Who has reported a word, only to be counted; a bounded number each.
CREATE TABLE dictionary_candidate_agents (
    candidate BIGINT NOT NULL REFERENCES dictionary_candidates (id) ON DELETE CASCADE,
    tenant TEXT COLLATE "C" NOT NULL,
    agent TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (candidate, agent)
);

CREATE INDEX dictionary_candidates_of_agent ON dictionary_candidate_agents (tenant, agent);
