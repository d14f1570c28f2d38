-- -- reports -----------------------------------------------------------------------------------

-- A version of a report: what it said (snapshot), its PDF (a kept file, by its SHA-256) and who
-- reviewed and published it. A published version never changes; a later one supersedes it.
ALTER TABLE report ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE report ADD COLUMN pages INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN made_at INTEGER;
ALTER TABLE report ADD COLUMN reviewed_at INTEGER;
CREATE TABLE report_snapshot (
    report_id INTEGER PRIMARY KEY,      -- of its report, or of one whose making was taken back
    content BLOB NOT NULL               -- compressed JSON of all its texts, tables and charts
) STRICT;
CREATE TRIGGER report_published_stays BEFORE UPDATE ON report
WHEN OLD.status IN ('published', 'superseded') AND (NEW.sha256 IS NOT OLD.sha256
    OR NEW.published_at IS NOT OLD.published_at OR NEW.version <> OLD.version
    OR NEW.data_cutoff <> OLD.data_cutoff OR NEW.deleted_at IS NOT NULL
    OR NEW.status NOT IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a published report does not change'); END;
CREATE TRIGGER report_snapshot_stays BEFORE UPDATE ON report_snapshot
WHEN (SELECT status FROM report r WHERE r.id = OLD.report_id) IN ('published', 'superseded')
BEGIN SELECT RAISE(ABORT, 'a published report does not change'); END;

-- How a team set up a kind of report: its sections in order, as JSON (reports/template.py).
CREATE TABLE report_setup (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    type TEXT NOT NULL,
    choices TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(choices)),
    page_format TEXT NOT NULL DEFAULT '' CHECK (page_format IN ('', 'a4', 'wide')),
    logo TEXT NOT NULL DEFAULT ''       -- SHA-256 of a kept picture
) STRICT;
CREATE UNIQUE INDEX report_setup_type ON report_setup (type) WHERE deleted_at IS NULL;

-- Customers' words picked by hand for a report (5.7); they are printed masked.
CREATE TABLE report_pick (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    type TEXT NOT NULL, period TEXT NOT NULL,
    entity TEXT NOT NULL CHECK (entity IN ('survey', 'complaint')),
    record_id INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX report_pick_record ON report_pick (type, period, entity, record_id)
    WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX report_note_place ON report_note (type, period, section)
    WHERE deleted_at IS NULL;

-- -- improvement loop ----------------------------------------------------------------------------

-- What an item was raised from (the figure as it was then) and how it ranks: impact × effort.
ALTER TABLE improvement_item ADD COLUMN snapshot TEXT NOT NULL DEFAULT '{}'
    CHECK (json_valid(snapshot));
ALTER TABLE improvement_item ADD COLUMN impact INTEGER CHECK (impact BETWEEN 1 AND 3);
ALTER TABLE improvement_item ADD COLUMN effort INTEGER CHECK (effort BETWEEN 1 AND 3);
ALTER TABLE improvement_item ADD COLUMN recurs_of_id INTEGER REFERENCES improvement_item (id);
CREATE INDEX improvement_item_about ON improvement_item (metric, scope)
    WHERE deleted_at IS NULL AND metric IS NOT NULL;
-- A period counts once in an item, however often its month is closed.
CREATE UNIQUE INDEX improvement_occurrence_period ON improvement_occurrence (item_id, period)
    WHERE deleted_at IS NULL;
-- The bones a fishbone is drawn with: 人机料法环测, or those of a service.
ALTER TABLE rca ADD COLUMN bones TEXT NOT NULL DEFAULT '5m1e' CHECK (bones IN ('5m1e', 'service'));
ALTER TABLE action ADD COLUMN blocked_by TEXT NOT NULL DEFAULT '';
ALTER TABLE action ADD COLUMN resources TEXT NOT NULL DEFAULT '';

-- The records behind an item: what it was raised from, and what proves its cause.
CREATE TABLE improvement_link (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    item_id INTEGER NOT NULL REFERENCES improvement_item (id),
    entity TEXT NOT NULL CHECK (entity IN ('ticket', 'complaint', 'complaint_group', 'survey',
        'quality_check')),
    record_id INTEGER NOT NULL,
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX improvement_link_record ON improvement_link (item_id, entity, record_id)
    WHERE deleted_at IS NULL;

-- Looking again 30, 60 and 90 days after an item was closed: did it hold?
CREATE TABLE improvement_recheck (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    item_id INTEGER NOT NULL REFERENCES improvement_item (id),
    days INTEGER NOT NULL, due_date TEXT NOT NULL,
    done_at INTEGER, held INTEGER CHECK (held IN (0, 1)), checker_id INTEGER REFERENCES person (id),
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX improvement_recheck_item ON improvement_recheck (item_id);
