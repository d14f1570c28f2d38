-- The agents' desk: shared views, hand-offs, time spent, breaches that stay, contact plans,
-- article versions. Added to a file of version 1; the change log's triggers are made anew after it.

-- A view of a list: its query with order and grouping; shared ones are everybody's.
ALTER TABLE saved_view ADD COLUMN shared INTEGER NOT NULL DEFAULT 0 CHECK (shared IN (0, 1));

-- owner_id NULL: for everybody. folder: where it stands in the menu. shortcut: what is typed
-- after '::' (reply) or the number 1–9 of the key (macro).
ALTER TABLE template ADD COLUMN owner_id INTEGER REFERENCES person (id);
ALTER TABLE template ADD COLUMN folder TEXT NOT NULL DEFAULT '';
ALTER TABLE template ADD COLUMN shortcut TEXT NOT NULL DEFAULT '';

ALTER TABLE checklist_item ADD COLUMN list_name TEXT NOT NULL DEFAULT '';

-- What a kind of record asks for beyond the fields of every ticket: {field: value}.
ALTER TABLE ticket_text ADD COLUMN details TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(details));

-- A piece of work asked of another department; the ticket's owner stays (首问负责制).
CREATE TABLE handoff (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    department_id INTEGER NOT NULL REFERENCES list_item (id),
    person_id INTEGER REFERENCES person (id),           -- who is asked, when known
    request TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    asked_by_id INTEGER REFERENCES person (id),
    due_at INTEGER NOT NULL,
    promised_on TEXT,                                   -- date for which the department promised it
    answered_at INTEGER, answered_by_id INTEGER REFERENCES person (id),
    answer TEXT NOT NULL DEFAULT '',
    cancelled_at INTEGER
) STRICT;
CREATE INDEX handoff_ticket ON handoff (ticket_id);
CREATE INDEX handoff_open ON handoff (department_id, due_at)
    WHERE answered_at IS NULL AND cancelled_at IS NULL AND deleted_at IS NULL;

CREATE TABLE work_entry (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    person_id INTEGER REFERENCES person (id),
    at INTEGER NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes > 0),
    activity TEXT NOT NULL CHECK (activity IN ('phone', 'reply', 'visit', 'research',
        'coordination', 'remote', 'other')),
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX work_entry_ticket ON work_entry (ticket_id);

-- A missed limit, noted once and for good: no reopening, re-prioritising or new policy removes it.
CREATE TABLE sla_breach (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    kind TEXT NOT NULL CHECK (kind IN ('response', 'resolution')),
    due_at INTEGER NOT NULL,
    limit_seconds INTEGER,
    owner_id INTEGER REFERENCES person (id)             -- who had the ticket then
) STRICT;
CREATE UNIQUE INDEX sla_breach_once ON sla_breach (ticket_id, kind) WHERE deleted_at IS NULL;

-- One notice per occasion: the same warning is not given twice.
ALTER TABLE notification ADD COLUMN occasion TEXT;
CREATE UNIQUE INDEX notification_once ON notification (occasion) WHERE occasion IS NOT NULL;
CREATE INDEX notification_at ON notification (at);

-- 2.1: the tier chosen by hand (with tier_note and tier_until), whatever the rule says.
ALTER TABLE customer ADD COLUMN tier_manual TEXT CHECK (tier_manual IN ('key', 'normal'));
ALTER TABLE customer ADD COLUMN manager_id INTEGER REFERENCES person (id);
ALTER TABLE customer ADD COLUMN notes TEXT NOT NULL DEFAULT '';
CREATE INDEX customer_initials ON customer (initials) WHERE deleted_at IS NULL;
CREATE INDEX customer_tier ON customer (tier) WHERE tier = 'key' AND deleted_at IS NULL;

-- Who is to be reached in a span of time (触达率); a member is reached by a completed callback.
CREATE TABLE contact_plan (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL,
    starts_on TEXT NOT NULL, ends_on TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;
CREATE TABLE contact_plan_member (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    plan_id INTEGER NOT NULL REFERENCES contact_plan (id),
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    assignee_id INTEGER REFERENCES person (id),
    callback_id INTEGER REFERENCES callback (id)
) STRICT;
CREATE INDEX contact_plan_member_plan ON contact_plan_member (plan_id);
CREATE INDEX callback_customer ON callback (customer_id);

-- case: 可复制案例, praise: 温暖服务案例; picked_for: the month whose report shows it.
ALTER TABLE knowledge ADD COLUMN kind TEXT NOT NULL DEFAULT 'article'
    CHECK (kind IN ('article', 'sop', 'case', 'praise'));
ALTER TABLE knowledge ADD COLUMN picked_for TEXT;
CREATE TABLE knowledge_version (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    knowledge_id INTEGER NOT NULL REFERENCES knowledge (id),
    version INTEGER NOT NULL,
    title TEXT NOT NULL, symptom TEXT NOT NULL, solution TEXT NOT NULL, keywords TEXT NOT NULL,
    author_id INTEGER REFERENCES person (id), note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX knowledge_version_article ON knowledge_version (knowledge_id, version);
CREATE TABLE knowledge_vote (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    knowledge_id INTEGER NOT NULL REFERENCES knowledge (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    useful INTEGER NOT NULL CHECK (useful IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX knowledge_vote_once ON knowledge_vote (knowledge_id, person_id)
    WHERE deleted_at IS NULL;

ALTER TABLE visit ADD COLUMN note TEXT NOT NULL DEFAULT '';

-- Derived: the first second at which more than 80 % of the limit is used; NULL once resolved.
ALTER TABLE ticket ADD COLUMN warn_at INTEGER;
-- What the views of open tickets ask about, without a look at the tickets themselves.
DROP INDEX ticket_due;
CREATE INDEX ticket_open ON ticket (due_at, late_at, warn_at, owner_id, tier, status, is_test)
    WHERE deleted_at IS NULL
    AND status IN ('new','assigned','in_progress','pending_customer','pending_internal');
CREATE INDEX ticket_unanswered ON ticket (response_due_at) WHERE first_response_at IS NULL
    AND status IN ('new', 'assigned', 'in_progress', 'pending_customer', 'pending_internal');
CREATE INDEX ticket_merged ON ticket (merged_into_id) WHERE merged_into_id IS NOT NULL;
CREATE INDEX detection_verdict_ticket ON detection_verdict (ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX customer_merged ON customer (merged_into_id) WHERE merged_into_id IS NOT NULL;
ALTER TABLE knowledge ADD COLUMN source_complaint_id INTEGER REFERENCES complaint (id);

-- What lists count while somebody works: what is deleted, closed this week, to be called back.
CREATE INDEX ticket_deleted ON ticket (id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ticket_closed ON ticket (closed_at) WHERE closed_at IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX callback_open ON callback (ticket_id)
    WHERE state IN ('planned', 'in_progress') AND ticket_id IS NOT NULL AND deleted_at IS NULL;

-- Full text without positions: Chinese as pairs of neighbours (segment.py), a third smaller.
-- Customers have an index of their own: a search asks whether the customer of a ticket is among
-- the hits, and common words of tickets must not be in the way of that.
DROP TABLE search_index;
CREATE VIRTUAL TABLE search_index USING fts5 (
    body, content = '', contentless_delete = 1, detail = none,
    tokenize = "unicode61 remove_diacritics 0"
);
CREATE VIRTUAL TABLE customer_index USING fts5 (
    body, content = '', contentless_delete = 1, detail = none,
    tokenize = "unicode61 remove_diacritics 0"
);
INSERT OR IGNORE INTO search_pending (id, tbl) SELECT id, tbl FROM search_doc;
DELETE FROM search_doc;
