-- Figures that can be defended: sums that are kept, closed months, targets by scope, what a person
-- decided about abnormal data, figures that are typed. Added to a file of version 3.

-- -- sums that are kept ------------------------------------------------------------------------

-- What the records of a month that is over add up to (kept.py): by metric, as a whole (dimension
-- '') or by the groups of a dimension. Nothing here is of its own: all of it can be counted again,
-- and a write takes away in its own transaction what it may have changed.
CREATE TABLE kept_sum (
    dimension TEXT NOT NULL,
    start_at INTEGER NOT NULL, end_at INTEGER NOT NULL,
    metric TEXT NOT NULL,
    known_at INTEGER NOT NULL,          -- counted at this cut-off …
    until INTEGER,                      -- … and right up to this one; NULL: as long as it is here
    groups TEXT NOT NULL CHECK (json_valid(groups)),
    numbers BLOB,                       -- single values and keys, packed
    PRIMARY KEY (dimension, start_at, end_at, metric)
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_sum_end ON kept_sum (end_at);
-- What the sums were made by: definitions and settings; with others they are worth nothing.
CREATE TABLE kept_shape (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    shape TEXT NOT NULL,
    reach INTEGER NOT NULL,             -- seconds that a later ticket reaches back at most
    complaint_reach INTEGER NOT NULL    -- and a later complaint
) STRICT;

CREATE INDEX ticket_resolved ON ticket (resolved_at) WHERE resolved_at IS NOT NULL;
CREATE INDEX ticket_first_resolved ON ticket (first_resolved_at)
    WHERE first_resolved_at IS NOT NULL;
CREATE INDEX ticket_dispatched ON ticket (first_dispatch_at) WHERE first_dispatch_at IS NOT NULL;
CREATE INDEX ticket_last_event ON ticket (last_event_at);
-- what was open at a moment, what was opened and ended in a month
DROP INDEX ticket_episode_ended;
DROP INDEX ticket_episode_open;
CREATE INDEX ticket_episode_ended ON ticket_episode (ended_at, opened_at, ended_by);
CREATE INDEX ticket_episode_opened ON ticket_episode (opened_at);
CREATE INDEX complaint_resolved ON complaint (resolved_at) WHERE resolved_at IS NOT NULL;
CREATE INDEX complaint_first_resolved ON complaint (first_resolved_at)
    WHERE first_resolved_at IS NOT NULL;
CREATE INDEX complaint_withdrawn ON complaint (withdrawn_at) WHERE withdrawn_at IS NOT NULL;
CREATE INDEX complaint_escalated ON complaint (escalated_at) WHERE escalated_at IS NOT NULL;
CREATE INDEX complaint_satisfied ON complaint (satisfaction_at) WHERE satisfaction_at IS NOT NULL;
CREATE INDEX complaint_last_event ON complaint (last_event_at);
CREATE INDEX callback_answer ON callback (answer_id) WHERE answer_id IS NOT NULL;
CREATE INDEX callback_completed ON callback (completed_at) WHERE completed_at IS NOT NULL;

-- -- closed months -----------------------------------------------------------------------------

-- A month that was reported (3.2). What was frozen lies in closing_part, compressed; edges and day
-- of the month's start are kept, because the setting may change. Reopened versions stay readable.
CREATE TABLE month_closing (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    month TEXT NOT NULL, version INTEGER NOT NULL,
    start_at INTEGER NOT NULL, end_at INTEGER NOT NULL, start_day INTEGER NOT NULL,
    as_of INTEGER NOT NULL,             -- data cut-off of the figures
    log_id INTEGER NOT NULL,            -- last entry of the change log that the figures know of
    definitions TEXT NOT NULL,          -- fingerprint of the definitions
    reopened_at INTEGER, reopened_by INTEGER REFERENCES person (id), reopen_reason TEXT
) STRICT;
CREATE UNIQUE INDEX month_closing_version ON month_closing (month, version) WHERE deleted_at IS NULL;

-- No log of its own: written once with its closing, never changed.
CREATE TABLE closing_part (
    closing_id INTEGER NOT NULL,
    name TEXT NOT NULL,                 -- figures, groups, lists, definitions, given, …
    body BLOB NOT NULL,                 -- JSON, compressed
    PRIMARY KEY (closing_id, name)
) STRICT;

-- What the closing found: judgement against the threshold, early warnings, frequent causes (4.7).
CREATE TABLE closing_evaluation (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    closing_id INTEGER NOT NULL REFERENCES month_closing (id),
    kind TEXT NOT NULL CHECK (kind IN ('threshold', 'near', 'decline', 'below_target', 'frequent')),
    metric TEXT NOT NULL, scope TEXT NOT NULL,
    verdict TEXT CHECK (verdict IN ('met', 'missed', 'small_sample', 'no_value', 'provisional')),
    value TEXT,                         -- exact, as a fraction
    n INTEGER NOT NULL, provisional INTEGER NOT NULL DEFAULT 0 CHECK (provisional IN (0, 1)),
    target TEXT, threshold TEXT,
    before TEXT,                        -- values of the months before, JSON, oldest first
    owner_id INTEGER REFERENCES person (id)
) STRICT;
CREATE INDEX closing_evaluation_closing ON closing_evaluation (closing_id);

-- -- targets -----------------------------------------------------------------------------------

-- -- data quality ------------------------------------------------------------------------------

-- What a person decided about an abnormal value: leave the record out of the figures that use it,
-- or let it count. ``judged`` holds the values that were looked at: a decision about others is
-- void. ``fixed`` is written by the program when the abnormality went away.
CREATE TABLE data_decision (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    entity TEXT NOT NULL CHECK (entity IN ('ticket', 'complaint', 'survey', 'visit', 'customer')),
    record_id INTEGER NOT NULL,
    code TEXT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('excluded', 'accepted', 'fixed')),
    reason TEXT NOT NULL DEFAULT '',
    judged TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(judged))
) STRICT;
CREATE UNIQUE INDEX data_decision_record ON data_decision (entity, record_id, code)
    WHERE deleted_at IS NULL;
CREATE INDEX data_decision_state ON data_decision (decision, entity) WHERE deleted_at IS NULL;

-- The decisions in force, beside the flags they are about: ["AB01:accepted", "AB09:excluded"].
ALTER TABLE ticket ADD COLUMN data_verdicts TEXT;
ALTER TABLE complaint ADD COLUMN data_verdicts TEXT;
ALTER TABLE survey ADD COLUMN data_verdicts TEXT;
ALTER TABLE visit ADD COLUMN data_verdicts TEXT;

CREATE INDEX ticket_flagged ON ticket (created_at) WHERE data_flags IS NOT NULL;
CREATE INDEX complaint_flagged ON complaint (received_at) WHERE data_flags IS NOT NULL;
CREATE INDEX survey_flagged ON survey (sent_at) WHERE data_flags IS NOT NULL;
CREATE INDEX visit_flagged ON visit (window_start) WHERE data_flags IS NOT NULL;
CREATE INDEX customer_flagged ON customer (entered_at) WHERE data_flags IS NOT NULL;

-- -- typed figures -----------------------------------------------------------------------------

-- Figures of the team's own that are typed by month; those known beforehand are not here
-- (domain/typed_figures.py) unless somebody changed or retired them.
CREATE TABLE manual_figure (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL DEFAULT '',
    direction TEXT NOT NULL DEFAULT 'up' CHECK (direction IN ('up', 'down', 'neutral')),
    decimals INTEGER NOT NULL DEFAULT 1 CHECK (decimals BETWEEN 0 AND 4),
    retired INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX manual_figure_key ON manual_figure (key) WHERE deleted_at IS NULL;

-- What a figure is compared with besides its own past (3.9): a value of the industry with its
-- source, or a baseline that the team chose. The value that holds in a month is the one with the
-- latest ``month`` not after it; a month of NULL holds from the beginning.
CREATE TABLE reference_value (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    metric TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('industry', 'baseline')),
    month TEXT,
    value REAL NOT NULL,
    source TEXT NOT NULL DEFAULT ''     -- of an industry value: required; of a baseline: its note
) STRICT;
CREATE UNIQUE INDEX reference_value_key ON reference_value (metric, kind, ifnull(month, ''))
    WHERE deleted_at IS NULL;
