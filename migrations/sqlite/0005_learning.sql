-- What agents do with marks: counts, and, of tenants that wish so, words that may be added to their dictionaries. Never text around
-- them. Times are milliseconds since 1970 in UTC.

ALTER TABLE tenants ADD COLUMN dictionary_learning INTEGER NOT NULL DEFAULT 0 CHECK (dictionary_learning IN (0, 1));

CREATE TABLE spelling_feedback (
    tenant TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    language TEXT NOT NULL,
    kind TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('accepted', 'ignored', 'added')),
    -- Which was taken, from 1; 0: none, or not said.
    suggestion INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (tenant, language, kind, action, suggestion)
) STRICT, WITHOUT ROWID;

CREATE TABLE dictionary_candidates (
    -- Never given twice, so that the name of one that is gone never means another.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    -- Of the latest report.
    language TEXT NOT NULL,
    ignored INTEGER NOT NULL,
    added INTEGER NOT NULL,
    created INTEGER NOT NULL,
    -- Forgotten some time after this.
    reported INTEGER NOT NULL,
    -- Kept as long as it is reported, so that it is not offered again.
    dismissed INTEGER NOT NULL CHECK (dismissed IN (0, 1)),
    UNIQUE (tenant, text)
) STRICT;

CREATE INDEX dictionary_candidates_in_order ON dictionary_candidates (tenant, id);
CREATE INDEX dictionary_candidates_by_age ON dictionary_candidates (reported);

-- Who has reported a word, only to be counted; a bounded number each.
CREATE TABLE dictionary_candidate_agents (
    candidate INTEGER NOT NULL REFERENCES dictionary_candidates (id) ON DELETE CASCADE,
    tenant TEXT NOT NULL,
    agent TEXT NOT NULL,
    PRIMARY KEY (candidate, agent)
) STRICT, WITHOUT ROWID;

CREATE INDEX dictionary_candidates_of_agent ON dictionary_candidate_agents (tenant, agent);
