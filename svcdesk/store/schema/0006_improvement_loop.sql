-- -- improvement loop, continued -----------------------------------------------------------------

-- The article that keeps what worked (8D D7), beside the words of `standardised`.
ALTER TABLE improvement_item ADD COLUMN knowledge_id INTEGER REFERENCES knowledge (id);

-- Proposals that somebody said no to: kind and subject name what was proposed, so that the same
-- is not proposed again for the same period.
CREATE TABLE improvement_declined (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    kind TEXT NOT NULL CHECK (kind IN ('repeat', 'group', 'exposure', 'pareto', 'quality',
        'trend')),
    subject TEXT NOT NULL, period TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX improvement_declined_subject ON improvement_declined (kind, subject, period)
    WHERE deleted_at IS NULL;

-- A quality meeting (复盘会): what was looked at, what was decided; a decision becomes a measure.
CREATE TABLE meeting (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    title TEXT NOT NULL, held_on TEXT NOT NULL,
    chair_id INTEGER REFERENCES person (id),
    people TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(people)),       -- keys of persons
    guests TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX meeting_day ON meeting (held_on);
CREATE TABLE meeting_point (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    meeting_id INTEGER NOT NULL REFERENCES meeting (id), sort INTEGER NOT NULL DEFAULT 0,
    item_id INTEGER REFERENCES improvement_item (id),
    kind TEXT NOT NULL DEFAULT 'decision' CHECK (kind IN ('decision', 'note')),
    text TEXT NOT NULL,
    owner_id INTEGER REFERENCES person (id), due_date TEXT,
    action_id INTEGER REFERENCES action (id),   -- the measure it became
    carried_from_id INTEGER REFERENCES meeting_point (id),  -- the same, of the meeting before
    settled INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1))    -- carried out without a measure
) STRICT;
CREATE INDEX meeting_point_meeting ON meeting_point (meeting_id);
CREATE INDEX meeting_point_item ON meeting_point (item_id);

-- Training: a course with who was expected, who came and how the exam went.
CREATE TABLE training (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    title TEXT NOT NULL, held_on TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'course' CHECK (kind IN ('course', 'onboarding')),
    minutes INTEGER CHECK (minutes >= 0),
    trainer TEXT NOT NULL DEFAULT '',
    pass_mark INTEGER CHECK (pass_mark BETWEEN 0 AND 100),
    item_id INTEGER REFERENCES improvement_item (id),
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX training_day ON training (held_on);
CREATE INDEX training_item ON training (item_id);
CREATE TABLE training_person (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    training_id INTEGER NOT NULL REFERENCES training (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    attended INTEGER CHECK (attended IN (0, 1)),        -- NULL: not held yet
    score INTEGER CHECK (score BETWEEN 0 AND 100),
    passed INTEGER CHECK (passed IN (0, 1)),            -- NULL: no exam
    days INTEGER CHECK (days >= 0)                      -- onboarding: days until working alone
) STRICT;
CREATE UNIQUE INDEX training_person_once ON training_person (training_id, person_id)
    WHERE deleted_at IS NULL;

-- What was said about a case that a month leaves open: why, what next, who, until when.
CREATE TABLE open_review (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    period TEXT NOT NULL,
    entity TEXT NOT NULL CHECK (entity IN ('ticket', 'complaint')),
    record_id INTEGER NOT NULL,
    reason_id INTEGER REFERENCES list_item (id),
    next_step TEXT NOT NULL DEFAULT '',
    owner_id INTEGER REFERENCES person (id), due_date TEXT,
    item_id INTEGER REFERENCES improvement_item (id),
    reviewed_at INTEGER                 -- NULL: carried from a month before, not looked at since
) STRICT;
CREATE UNIQUE INDEX open_review_record ON open_review (period, entity, record_id)
    WHERE deleted_at IS NULL;
CREATE INDEX open_review_case ON open_review (entity, record_id);
