-- The data file of svcdesk, as a new one is made. Never edited after a release: changes are
-- migrations beside this file.
--
-- Times are UTC seconds since 1970; dates without a time are 'YYYY-MM-DD' in the team's zone;
-- months are 'YYYY-MM'; money is integer fen; durations in working time are integer seconds.
-- Every business table begins with the same columns: id (key over all PCs, sorts by creation),
-- entered_at (when it was typed), created_by, updated_at, deleted_at (soft), batch_id (import),
-- row_version. Columns marked "derived" are recomputed from events and never typed.
-- The change log's triggers are made by change_log.py for every table with a row_version.

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One operation is one unit of work and one undo step.
CREATE TABLE operation (
    id INTEGER PRIMARY KEY,             -- stamp of the key generator: a hybrid logical clock
    at INTEGER NOT NULL,
    actor_id INTEGER,
    kind TEXT NOT NULL CHECK (kind IN ('edit', 'undo', 'redo', 'import', 'undo_import', 'system')),
    label TEXT NOT NULL,                -- msgid
    args TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(args)),
    undoes_id INTEGER REFERENCES operation (id),
    batch_id INTEGER
) STRICT;
CREATE INDEX operation_undoes ON operation (undoes_id) WHERE undoes_id IS NOT NULL;

-- The state of the unit of work in progress; the triggers read it. bulk = 1: inserted rows are
-- not logged one by one (they carry their batch), changed rows are.
CREATE TABLE unit_of_work (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    operation_id INTEGER,
    actor_id INTEGER,
    bulk INTEGER NOT NULL DEFAULT 0,
    last_key INTEGER NOT NULL DEFAULT 0 -- keys up to here are given away
) STRICT;
INSERT INTO unit_of_work (one) VALUES (1);

CREATE TABLE change_log (
    id INTEGER PRIMARY KEY,             -- order within this file
    operation_id INTEGER NOT NULL REFERENCES operation (id),
    actor_id INTEGER,
    tbl TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    before TEXT,                        -- JSON of the changed columns; NULL: the row was inserted
    after TEXT                          -- JSON of the changed columns; NULL: the row was removed
) STRICT;
CREATE INDEX change_log_operation ON change_log (operation_id);
CREATE INDEX change_log_row ON change_log (row_id, tbl);

CREATE TABLE number_series (
    prefix TEXT NOT NULL,               -- GD, TS, HF, GS, KH, …
    period TEXT NOT NULL,               -- 'YYYYMM', or '' for series without a month
    last INTEGER NOT NULL,
    PRIMARY KEY (prefix, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    key TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL CHECK (json_valid(value))
) STRICT;

CREATE TABLE import_batch (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    batch_no TEXT NOT NULL UNIQUE,      -- DR000001
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    mapping TEXT NOT NULL DEFAULT '',
    rows_read INTEGER NOT NULL, inserted INTEGER NOT NULL, updated INTEGER NOT NULL,
    skipped INTEGER NOT NULL, rejected INTEGER NOT NULL,
    flagged TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(flagged)),
    first_id INTEGER NOT NULL,          -- keys made for the batch lie in first_id … last_id
    last_id INTEGER NOT NULL,
    operation_id INTEGER NOT NULL REFERENCES operation (id),
    undone_at INTEGER
) STRICT;

-- What each imported row said, as a fingerprint per batch: the same row again changes nothing, even
-- when people have worked on the record since. The newest batch that was not taken back speaks; a
-- file may name a record several times.
CREATE TABLE import_row (
    record_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL REFERENCES import_batch (id),
    tbl TEXT NOT NULL,
    fingerprint INTEGER NOT NULL,
    PRIMARY KEY (record_id, batch_id, fingerprint)
) STRICT, WITHOUT ROWID;

-- Reference lists (domain.md 2.15): channel, issue, category (complaint), department, pain_tag,
-- overdue_reason, product_category. Retired with active = 0, never removed.
CREATE TABLE list_item (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    list TEXT NOT NULL,
    code TEXT,                          -- of the built-in items, for their translation
    name TEXT NOT NULL,
    parent_id INTEGER REFERENCES list_item (id),
    sort INTEGER NOT NULL DEFAULT 0,
    grp TEXT,                           -- channel: 'online' or 'offline'
    live INTEGER NOT NULL DEFAULT 0 CHECK (live IN (0, 1)),  -- channel: answered while recorded
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;
CREATE INDEX list_item_list ON list_item (list, parent_id, sort);

CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    person_no TEXT UNIQUE,
    name TEXT NOT NULL,
    roles TEXT NOT NULL DEFAULT '["agent"]' CHECK (json_valid(roles)),
    department_id INTEGER REFERENCES list_item (id),
    team TEXT,
    phone TEXT, email TEXT,
    password_hash TEXT,
    is_bot INTEGER NOT NULL DEFAULT 0 CHECK (is_bot IN (0, 1)),  -- its replies are not human ones
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;

-- 2.1
CREATE TABLE customer (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    customer_no TEXT NOT NULL UNIQUE,
    external_no TEXT,
    name TEXT NOT NULL,
    initials TEXT,                      -- derived: pinyin initials of the name
    kind TEXT NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'company')),
    phones TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(phones)),
    wechat TEXT, email TEXT, address TEXT, region TEXT,
    tier TEXT NOT NULL DEFAULT 'normal' CHECK (tier IN ('key', 'normal')),
    tier_reasons TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tier_reasons)),
    tier_note TEXT, tier_until TEXT,    -- manual override: reason and expiry date
    spend_12m INTEGER, order_count_12m INTEGER,
    opt_out INTEGER NOT NULL DEFAULT 0 CHECK (opt_out IN (0, 1)),
    consent_at INTEGER,
    merged_into_id INTEGER REFERENCES customer (id),
    restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1)),
    erased_at INTEGER,
    data_flags TEXT CHECK (data_flags IS NULL OR json_valid(data_flags))
) STRICT;
CREATE UNIQUE INDEX customer_external ON customer (external_no)
    WHERE external_no IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX customer_name ON customer (name);

-- Derived by triggers from customer.phones: find a customer by phone or by its last digits.
CREATE TABLE customer_phone (
    phone TEXT NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    tail TEXT NOT NULL,                 -- last four digits
    PRIMARY KEY (phone, customer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_phone_customer ON customer_phone (customer_id);
CREATE INDEX customer_phone_tail ON customer_phone (tail);
CREATE TRIGGER customer_phone_insert AFTER INSERT ON customer WHEN new.phones <> '[]' BEGIN
    INSERT OR IGNORE INTO customer_phone (phone, customer_id, tail)
    SELECT value, new.id, substr(value, -4) FROM json_each(new.phones);
END;
CREATE TRIGGER customer_phone_update AFTER UPDATE OF phones ON customer BEGIN
    DELETE FROM customer_phone WHERE customer_id = old.id;
    INSERT OR IGNORE INTO customer_phone (phone, customer_id, tail)
    SELECT value, new.id, substr(value, -4) FROM json_each(new.phones);
END;

-- 2.2
CREATE TABLE product (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    product_no TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    category_id INTEGER REFERENCES list_item (id),
    model TEXT, brand TEXT,
    warranty_months INTEGER NOT NULL DEFAULT 12 CHECK (warranty_months BETWEEN 0 AND 120),
    three_guarantee INTEGER NOT NULL DEFAULT 0 CHECK (three_guarantee IN (0, 1)),
    launch_date TEXT,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;
CREATE INDEX product_name ON product (name);

-- 2.3
CREATE TABLE sales_order (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    order_no TEXT NOT NULL UNIQUE,
    customer_id INTEGER REFERENCES customer (id),
    product_id INTEGER REFERENCES product (id),
    qty INTEGER NOT NULL DEFAULT 1,
    amount INTEGER,
    ordered_at INTEGER, delivered_at INTEGER,
    platform TEXT, serial_no TEXT
) STRICT;
CREATE INDEX sales_order_customer ON sales_order (customer_id);

-- 2.4: narrow; long texts are in ticket_text.
CREATE TABLE ticket (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    ticket_no TEXT NOT NULL,
    external_no TEXT,
    request_type TEXT NOT NULL DEFAULT 'consult',
    title TEXT NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    product_id INTEGER REFERENCES product (id),
    order_no TEXT, serial_no TEXT,
    channel_id INTEGER NOT NULL REFERENCES list_item (id),
    issue_id INTEGER REFERENCES list_item (id),         -- issue_l1
    issue_sub_id INTEGER REFERENCES list_item (id),     -- issue_l2
    priority TEXT NOT NULL DEFAULT 'normal' CHECK (priority IN ('urgent', 'high', 'normal', 'low')),
    priority_reason TEXT,
    complexity TEXT NOT NULL DEFAULT 'basic' CHECK (complexity IN ('basic', 'complex')),
    resp_dept_id INTEGER REFERENCES list_item (id),
    first_owner_id INTEGER REFERENCES person (id),
    owner_id INTEGER REFERENCES person (id),
    region TEXT,
    contact_at INTEGER,
    created_at INTEGER NOT NULL,
    first_response_at INTEGER,          -- derived from events
    first_resolved_at INTEGER,          -- derived
    resolved_at INTEGER,                -- derived; null again after a reopen
    closed_at INTEGER,                  -- derived; null again after a reopen
    cancelled_at INTEGER,               -- derived
    status TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'assigned', 'in_progress',
        'pending_customer', 'pending_internal', 'resolved', 'closed', 'cancelled', 'merged')),
    resolution_code TEXT,
    overdue_reason_id INTEGER REFERENCES list_item (id),
    callback_required INTEGER NOT NULL DEFAULT 0 CHECK (callback_required IN (0, 1)),
    merged_into_id INTEGER REFERENCES ticket (id),
    is_test INTEGER NOT NULL DEFAULT 0 CHECK (is_test IN (0, 1)),
    tier TEXT NOT NULL DEFAULT 'normal',  -- the customer's tier when the ticket came in
    promised_at INTEGER,                -- a due time of its own, overrides the policy
    response_limit INTEGER,             -- derived: working seconds allowed to the first response
    resolution_limit INTEGER,           -- derived: working seconds allowed to the first resolution
    response_due_at INTEGER,            -- derived
    due_at INTEGER,                     -- derived: promised_at, or policy with the pauses so far
    response_late_at INTEGER,           -- derived: the first second at which no response is late
    late_at INTEGER,                    -- derived: the first second at which it is overdue; later
                                        -- than due_at by the time until the next opening
    response_seconds INTEGER,           -- derived: working seconds to the first response
    resolution_seconds INTEGER,         -- derived: net working seconds to the FIRST resolution
    cycle_seconds INTEGER,              -- derived: working seconds to the FINAL resolution
    dispatch_count INTEGER NOT NULL DEFAULT 0,   -- derived, withdrawn within 10 min left out
    first_dispatch_at INTEGER,                   -- derived
    transfer_count INTEGER NOT NULL DEFAULT 0,   -- derived
    visit_count INTEGER NOT NULL DEFAULT 0,      -- derived: completed visits
    reopen_count INTEGER NOT NULL DEFAULT 0,     -- derived
    escalated_at INTEGER,                        -- derived: first escalation
    last_event_at INTEGER NOT NULL,              -- derived: nothing happened later
    tags TEXT CHECK (tags IS NULL OR json_valid(tags)),
    data_flags TEXT CHECK (data_flags IS NULL OR json_valid(data_flags))  -- list of AB codes
) STRICT;
CREATE UNIQUE INDEX ticket_number ON ticket (ticket_no);
CREATE UNIQUE INDEX ticket_external ON ticket (external_no)
    WHERE external_no IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX ticket_created ON ticket (created_at, id);
CREATE INDEX ticket_status ON ticket (status, created_at);
CREATE INDEX ticket_owner ON ticket (owner_id, status, created_at);
CREATE INDEX ticket_customer ON ticket (customer_id, created_at);
CREATE INDEX ticket_due ON ticket (due_at)
    WHERE status IN ('new', 'assigned', 'in_progress', 'pending_customer', 'pending_internal');

CREATE TABLE ticket_text (
    id INTEGER PRIMARY KEY REFERENCES ticket (id),      -- the ticket's key
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    description TEXT NOT NULL DEFAULT '',
    solution TEXT NOT NULL DEFAULT ''
) STRICT;

-- 2.5: append-only, the source of truth for all times.
CREATE TABLE ticket_event (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor_id INTEGER REFERENCES person (id),
    type TEXT NOT NULL CHECK (type IN ('created', 'dispatched', 'dispatch_withdrawn', 'accepted',
        'rejected_back', 'public_reply', 'call_in', 'call_out', 'internal_note', 'transferred',
        'escalated', 'status_changed', 'visit_planned', 'visit_rescheduled', 'visit_arrived',
        'visit_done', 'resolved', 'reopened', 'closed', 'cancelled', 'merged', 'unmerged',
        'field_changed')),
    name TEXT,                          -- field_changed: the field; calls: 'answered', 'missed'
    old TEXT, new TEXT,                 -- status_changed: from, to; transferred: department
    text TEXT,
    visible_to_customer INTEGER NOT NULL DEFAULT 0 CHECK (visible_to_customer IN (0, 1)),
    automatic INTEGER NOT NULL DEFAULT 0 CHECK (automatic IN (0, 1)),  -- not a human action
    department_id INTEGER REFERENCES list_item (id)
) STRICT;
CREATE UNIQUE INDEX ticket_event_order ON ticket_event (ticket_id, seq);

-- Derived: from opening or reopening to the end of that try. One row for most tickets.
CREATE TABLE ticket_episode (
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    seq INTEGER NOT NULL,               -- 1, 2, …; seq > 1 is a reopen
    opened_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_by TEXT CHECK (ended_by IN ('resolved', 'cancelled', 'merged')),
    closed_at INTEGER,                  -- when this try was closed after its resolution
    PRIMARY KEY (ticket_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_episode_ended ON ticket_episode (ended_at, ended_by);
CREATE INDEX ticket_episode_open ON ticket_episode (opened_at) WHERE ended_at IS NULL;

-- Derived: waiting times. Only 'customer' pauses the resolution clock (2.14).
CREATE TABLE ticket_pause (
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('customer', 'internal')),
    department_id INTEGER REFERENCES list_item (id),
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    late_at INTEGER,                    -- ticket.late_at as it was until this pause began
    PRIMARY KEY (ticket_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket_link (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    other_id INTEGER NOT NULL REFERENCES ticket (id),
    kind TEXT NOT NULL DEFAULT 'related' CHECK (kind IN ('related', 'follow_up', 'duplicate', 'split'))
) STRICT;
CREATE INDEX ticket_link_ticket ON ticket_link (ticket_id);
CREATE INDEX ticket_link_other ON ticket_link (other_id);

-- 2.6
CREATE TABLE visit (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    seq INTEGER NOT NULL,
    technician_id INTEGER REFERENCES person (id),
    window_start INTEGER NOT NULL, window_end INTEGER NOT NULL,
    promised_at INTEGER,
    dispatched_at INTEGER,
    arrived_at INTEGER, left_at INTEGER,
    outcome TEXT CHECK (outcome IN ('done', 'not_done', 'customer_absent', 'cancelled')),
    cancelled_by TEXT CHECK (cancelled_by IN ('customer', 'company')),
    rescheduled_by TEXT CHECK (rescheduled_by IN ('customer', 'company')),
    parts_used TEXT,
    data_flags TEXT CHECK (data_flags IS NULL OR json_valid(data_flags))
) STRICT;
CREATE UNIQUE INDEX visit_order ON visit (ticket_id, seq);
CREATE INDEX visit_window ON visit (window_start);

-- 2.7: narrow; long texts are in complaint_text.
CREATE TABLE complaint (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    complaint_no TEXT NOT NULL,
    external_no TEXT,
    received_at INTEGER NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    on_behalf TEXT,
    product_id INTEGER REFERENCES product (id),
    order_no TEXT, serial_no TEXT,
    channel_id INTEGER NOT NULL REFERENCES list_item (id),
    category_id INTEGER NOT NULL REFERENCES list_item (id),     -- category_l1
    category_sub_id INTEGER REFERENCES list_item (id),          -- category_l2
    pain_tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(pain_tags)),  -- list_item ids
    title TEXT NOT NULL,                -- first line of the description, for lists
    region TEXT,
    demand TEXT, demand_amount INTEGER,
    severity TEXT NOT NULL DEFAULT 'normal' CHECK (severity IN ('normal', 'major', 'urgent')),
    severity_reason TEXT,
    resp_dept_id INTEGER REFERENCES list_item (id),
    resp_person_id INTEGER REFERENCES person (id),
    handler_id INTEGER REFERENCES person (id),
    contacted_at INTEGER, interim_feedback_at INTEGER, responded_at INTEGER,
    first_resolved_at INTEGER,          -- derived
    resolved_at INTEGER,                -- derived; null again after a reopen
    closed_at INTEGER,                  -- derived
    promised_at INTEGER,                -- a due time of its own
    due_at INTEGER,                     -- derived, or extended
    due_original_at INTEGER,            -- before the extension
    extension_reason TEXT,
    remedy TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(remedy)),
    compensation INTEGER,
    liability TEXT CHECK (liability IN ('liable', 'partly', 'not_liable', 'pending')),
    overdue_reason_id INTEGER REFERENCES list_item (id),
    overdue_plan TEXT,
    repeat_of_id INTEGER REFERENCES complaint (id),     -- derived (4.1)
    is_repeat INTEGER NOT NULL DEFAULT 0,               -- derived
    chain INTEGER NOT NULL DEFAULT 1,                   -- derived: 1 first, 2 its repeat, …
    second_of_id INTEGER REFERENCES complaint (id),     -- derived (4.2)
    duplicate_of_id INTEGER REFERENCES complaint (id),  -- derived: suspected duplicate record
    group_id INTEGER REFERENCES complaint_group (id),   -- derived (4.3)
    social_exposure INTEGER NOT NULL DEFAULT 0 CHECK (social_exposure IN (0, 1)),
    exposure_suggested INTEGER NOT NULL DEFAULT 0 CHECK (exposure_suggested IN (0, 1)),
    exposure_platform TEXT, exposure_url TEXT,
    exposure_state TEXT CHECK (exposure_state IN ('watching', 'answered', 'calm')),
    escalated_to TEXT CHECK (escalated_to IN ('supervisor', 'manager', 'general_manager', 'external')),
    escalated_at INTEGER,
    external_case TEXT, external_due_at INTEGER,
    withdrawn_at INTEGER, rejected_at INTEGER, reject_reason TEXT,
    satisfaction INTEGER CHECK (satisfaction BETWEEN 1 AND 5),
    satisfaction_at INTEGER,
    merged_into_id INTEGER REFERENCES complaint (id),
    is_test INTEGER NOT NULL DEFAULT 0 CHECK (is_test IN (0, 1)),
    tier TEXT NOT NULL DEFAULT 'normal',
    reopen_count INTEGER NOT NULL DEFAULT 0,            -- derived
    last_event_at INTEGER NOT NULL,                     -- derived
    status TEXT NOT NULL DEFAULT 'registered' CHECK (status IN ('registered', 'accepted',
        'investigating', 'responded', 'resolved', 'closed', 'rejected', 'withdrawn', 'merged')),
    data_flags TEXT CHECK (data_flags IS NULL OR json_valid(data_flags))
) STRICT;
CREATE UNIQUE INDEX complaint_number ON complaint (complaint_no);
CREATE UNIQUE INDEX complaint_external ON complaint (external_no)
    WHERE external_no IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX complaint_received ON complaint (received_at, id);
CREATE INDEX complaint_status ON complaint (status, received_at);
CREATE INDEX complaint_customer ON complaint (customer_id, received_at);
CREATE INDEX complaint_product ON complaint (product_id, received_at);

CREATE TABLE complaint_text (
    id INTEGER PRIMARY KEY REFERENCES complaint (id),
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    description TEXT NOT NULL DEFAULT '',
    cause TEXT NOT NULL DEFAULT '',
    answer TEXT NOT NULL DEFAULT ''     -- what was told to the customer
) STRICT;

CREATE TABLE complaint_event (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    complaint_id INTEGER NOT NULL REFERENCES complaint (id),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor_id INTEGER REFERENCES person (id),
    type TEXT NOT NULL CHECK (type IN ('registered', 'accepted', 'rejected', 'investigating',
        'department_changed', 'contacted', 'interim_feedback', 'responded', 'resolved', 'reopened',
        'closed', 'withdrawn', 'merged', 'unmerged', 'appealed', 'escalated', 'extended', 'note',
        'field_changed')),
    name TEXT, old TEXT, new TEXT, text TEXT,
    department_id INTEGER REFERENCES list_item (id)
) STRICT;
CREATE UNIQUE INDEX complaint_event_order ON complaint_event (complaint_id, seq);

CREATE TABLE complaint_episode (
    complaint_id INTEGER NOT NULL REFERENCES complaint (id),
    seq INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_by TEXT CHECK (ended_by IN ('resolved', 'withdrawn', 'rejected', 'merged')),
    closed_at INTEGER,
    PRIMARY KEY (complaint_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX complaint_episode_ended ON complaint_episode (ended_at, ended_by);

CREATE TABLE complaint_ticket (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    complaint_id INTEGER NOT NULL REFERENCES complaint (id),
    ticket_id INTEGER NOT NULL REFERENCES ticket (id)
) STRICT;
CREATE INDEX complaint_ticket_complaint ON complaint_ticket (complaint_id);
CREATE INDEX complaint_ticket_ticket ON complaint_ticket (ticket_id);

-- Departments involved besides the main one.
CREATE TABLE complaint_department (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    complaint_id INTEGER NOT NULL REFERENCES complaint (id),
    department_id INTEGER NOT NULL REFERENCES list_item (id),
    person_id INTEGER REFERENCES person (id)
) STRICT;
CREATE INDEX complaint_department_complaint ON complaint_department (complaint_id);

CREATE TABLE complaint_group (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    group_no TEXT NOT NULL UNIQUE,
    product_id INTEGER REFERENCES product (id),
    category_id INTEGER REFERENCES list_item (id),
    triggered_at INTEGER NOT NULL,
    trigger_id INTEGER NOT NULL,        -- the complaint that completed the group
    measures TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX complaint_group_triggered ON complaint_group (triggered_at);

-- A person's answer to a detection; kept over every recomputation.
CREATE TABLE detection_verdict (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    rule TEXT NOT NULL CHECK (rule IN ('duplicate', 'repeat', 'second', 'group', 'exposure')),
    complaint_id INTEGER REFERENCES complaint (id),
    ticket_id INTEGER REFERENCES ticket (id),
    other_id INTEGER,
    verdict TEXT NOT NULL CHECK (verdict IN ('confirmed', 'denied')),
    note TEXT NOT NULL DEFAULT ''
) STRICT;

-- 2.8
CREATE TABLE callback (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    callback_no TEXT NOT NULL UNIQUE,
    external_no TEXT,
    kind TEXT NOT NULL DEFAULT 'routine' CHECK (kind IN ('routine', 'complaint', 'low_score',
        'key_care', 'mystery')),
    ticket_id INTEGER REFERENCES ticket (id),
    complaint_id INTEGER REFERENCES complaint (id),
    survey_id INTEGER REFERENCES survey (id),           -- low_score: the answer to recover
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    planned_by_id INTEGER REFERENCES person (id),
    assignee_id INTEGER REFERENCES person (id),
    due_at INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'in_progress', 'completed',
        'refused', 'unreachable', 'cancelled')),
    completed_at INTEGER,               -- end of the task: completed, refused or unreachable
    result TEXT CHECK (result IN ('satisfied', 'fair', 'dissatisfied', 'new_problem')),
    answer_id INTEGER REFERENCES survey (id),           -- the answers taken in this callback
    new_ticket_id INTEGER REFERENCES ticket (id),
    own_ticket INTEGER NOT NULL DEFAULT 0,              -- the caller handled the ticket
    notes TEXT NOT NULL DEFAULT '',
    data_flags TEXT CHECK (data_flags IS NULL OR json_valid(data_flags))
) STRICT;
CREATE UNIQUE INDEX callback_external ON callback (external_no)
    WHERE external_no IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX callback_queue ON callback (state, due_at);
CREATE INDEX callback_ticket ON callback (ticket_id);
CREATE INDEX callback_survey ON callback (survey_id) WHERE survey_id IS NOT NULL;

CREATE TABLE callback_attempt (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    callback_id INTEGER NOT NULL REFERENCES callback (id),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor_id INTEGER REFERENCES person (id),
    result TEXT NOT NULL CHECK (result IN ('connected', 'no_answer', 'busy', 'off', 'wrong_number',
        'hung_up', 'refused', 'call_back_at')),
    retry_at INTEGER,
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX callback_attempt_order ON callback_attempt (callback_id, seq);

-- 2.9: form versions keep wording and scale.
CREATE TABLE survey_form (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    questions TEXT NOT NULL CHECK (json_valid(questions)),  -- [{field, zh, en, scale}]
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE survey (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    survey_no TEXT NOT NULL UNIQUE,
    external_no TEXT,
    form_id INTEGER REFERENCES survey_form (id),
    ticket_id INTEGER REFERENCES ticket (id),
    complaint_id INTEGER REFERENCES complaint (id),
    customer_id INTEGER REFERENCES customer (id),
    agent_id INTEGER REFERENCES person (id),            -- attribution, frozen at the answer
    channel_id INTEGER REFERENCES list_item (id),
    issue_id INTEGER REFERENCES list_item (id),
    product_id INTEGER REFERENCES product (id),
    tier TEXT NOT NULL DEFAULT 'normal',
    method TEXT NOT NULL DEFAULT 'callback' CHECK (method IN ('callback', 'sms', 'wechat', 'form',
        'platform', 'on_site')),
    sent_at INTEGER NOT NULL,
    responded_at INTEGER,
    csat INTEGER CHECK (csat BETWEEN 1 AND 5),
    dim_attitude INTEGER CHECK (dim_attitude BETWEEN 1 AND 5),
    dim_speed INTEGER CHECK (dim_speed BETWEEN 1 AND 5),
    dim_skill INTEGER CHECK (dim_skill BETWEEN 1 AND 5),
    dim_result INTEGER CHECK (dim_result BETWEEN 1 AND 5),
    nps INTEGER CHECK (nps BETWEEN 0 AND 10),
    comment TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL DEFAULT 'normal' CHECK (kind IN ('normal', 'recovery')),
    counted INTEGER NOT NULL DEFAULT 1 CHECK (counted IN (0, 1)),   -- 0: replaced by a later answer
    invalid INTEGER NOT NULL DEFAULT 0 CHECK (invalid IN (0, 1)),
    invalid_reason TEXT,
    reasons TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(reasons)),
    data_flags TEXT CHECK (data_flags IS NULL OR json_valid(data_flags))
) STRICT;
CREATE UNIQUE INDEX survey_external ON survey (external_no)
    WHERE external_no IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX survey_responded ON survey (responded_at);
CREATE INDEX survey_sent ON survey (sent_at);
CREATE INDEX survey_ticket ON survey (ticket_id) WHERE ticket_id IS NOT NULL;

-- 2.10
CREATE TABLE quality_check (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    external_no TEXT,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    inspector_id INTEGER REFERENCES person (id),
    agent_id INTEGER REFERENCES person (id),
    at INTEGER NOT NULL,
    items TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(items)),  -- [{item, result, weight}]
    critical_fail INTEGER NOT NULL DEFAULT 0 CHECK (critical_fail IN (0, 1)),
    score_tenths INTEGER,               -- derived: 0–1000
    passed INTEGER CHECK (passed IN (0, 1)),            -- derived
    voided INTEGER NOT NULL DEFAULT 0 CHECK (voided IN (0, 1)),
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX quality_check_at ON quality_check (at);

-- 2.11
CREATE TABLE knowledge (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    article_no TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    issue_id INTEGER REFERENCES list_item (id),
    symptom TEXT NOT NULL DEFAULT '', solution TEXT NOT NULL, keywords TEXT NOT NULL DEFAULT '',
    owner_id INTEGER REFERENCES person (id),
    status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published', 'retired')),
    version INTEGER NOT NULL DEFAULT 1,
    published_at INTEGER, review_due TEXT,
    source_ticket_id INTEGER REFERENCES ticket (id)
) STRICT;

CREATE TABLE ticket_knowledge (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    knowledge_id INTEGER NOT NULL REFERENCES knowledge (id)
) STRICT;
CREATE INDEX ticket_knowledge_ticket ON ticket_knowledge (ticket_id);
CREATE INDEX ticket_knowledge_knowledge ON ticket_knowledge (knowledge_id);

-- 2.12
CREATE TABLE improvement_item (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    item_no TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('threshold', 'repeat', 'group', 'exposure', 'pareto',
        'quality', 'manual', 'suggestion')),
    metric TEXT, scope TEXT NOT NULL DEFAULT 'all', period TEXT,
    baseline REAL, baseline_n INTEGER,
    problem TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(problem)),   -- 5W2H
    severity TEXT NOT NULL DEFAULT 'normal',
    owner_id INTEGER REFERENCES person (id),
    department_id INTEGER REFERENCES list_item (id),
    target REAL, target_date TEXT,
    containment TEXT NOT NULL DEFAULT '', cost INTEGER, hours INTEGER,
    status TEXT NOT NULL DEFAULT 'identified' CHECK (status IN ('identified', 'analyzing', 'planned',
        'executing', 'verifying', 'closed', 'void', 'merged')),
    created_at INTEGER NOT NULL, closed_at INTEGER, void_reason TEXT,
    merged_into_id INTEGER REFERENCES improvement_item (id),
    verdict TEXT CHECK (verdict IN ('effective', 'ineffective', 'watching')),
    standardised TEXT NOT NULL DEFAULT '', recognition TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE improvement_occurrence (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    item_id INTEGER NOT NULL REFERENCES improvement_item (id),
    period TEXT NOT NULL, value REAL, n INTEGER
) STRICT;

CREATE TABLE rca (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    item_id INTEGER NOT NULL UNIQUE REFERENCES improvement_item (id),
    method TEXT NOT NULL CHECK (method IN ('five_why', 'fishbone', 'both')),
    whys TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(whys)),
    causes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(causes)),     -- bones man … measurement
    root_cause TEXT NOT NULL DEFAULT '', root_bone TEXT,
    controllable INTEGER CHECK (controllable IN (0, 1)),
    confirmed_by_id INTEGER REFERENCES person (id), confirmed_at INTEGER
) STRICT;

CREATE TABLE action (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    action_no TEXT NOT NULL UNIQUE,
    item_id INTEGER NOT NULL REFERENCES improvement_item (id),
    text TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('corrective', 'preventive', 'interim')),
    owner_id INTEGER REFERENCES person (id),
    due_date TEXT,
    cost INTEGER, hours INTEGER,
    state TEXT NOT NULL DEFAULT 'todo' CHECK (state IN ('todo', 'doing', 'blocked', 'done', 'verified',
        'cancelled')),
    progress TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(progress)),
    done_at INTEGER, evidence TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX action_item ON action (item_id);

CREATE TABLE verification (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    item_id INTEGER NOT NULL REFERENCES improvement_item (id),
    verifier_id INTEGER REFERENCES person (id),
    series TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(series)),     -- [{period, value, n}]
    proposed TEXT, verdict TEXT CHECK (verdict IN ('effective', 'ineffective', 'watching')),
    at INTEGER, note TEXT NOT NULL DEFAULT ''
) STRICT;

-- 2.13
CREATE TABLE metric_target (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    metric TEXT NOT NULL,
    scope TEXT NOT NULL DEFAULT 'all',
    valid_from TEXT NOT NULL,           -- month
    target REAL, threshold REAL,
    weight INTEGER NOT NULL DEFAULT 0 CHECK (weight BETWEEN 0 AND 100),
    owner_id INTEGER REFERENCES person (id)
) STRICT;
CREATE UNIQUE INDEX metric_target_month ON metric_target (metric, scope, valid_from)
    WHERE deleted_at IS NULL;

-- 2.14
CREATE TABLE calendar (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL,
    timezone TEXT NOT NULL,
    pattern TEXT NOT NULL CHECK (json_valid(pattern)),  -- seven lists of ["09:00", "18:00"]
    standard_day_minutes INTEGER NOT NULL DEFAULT 540,
    always INTEGER NOT NULL DEFAULT 0 CHECK (always IN (0, 1)),   -- 7 × 24
    is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1))
) STRICT;

CREATE TABLE calendar_day (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    calendar_id INTEGER NOT NULL REFERENCES calendar (id),
    date TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('off', 'work')),
    name TEXT NOT NULL DEFAULT '',
    spans TEXT CHECK (spans IS NULL OR json_valid(spans)),
    source TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX calendar_day_date ON calendar_day (calendar_id, date) WHERE deleted_at IS NULL;

CREATE TABLE sla_policy (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,          -- first match wins
    conditions TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(conditions)),
    calendar_id INTEGER REFERENCES calendar (id),
    response_minutes INTEGER, resolution_minutes INTEGER,
    valid_from INTEGER NOT NULL DEFAULT 0,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;

-- 2.16
CREATE TABLE channel_daily (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    date TEXT NOT NULL,
    channel_id INTEGER NOT NULL REFERENCES list_item (id),
    offered INTEGER NOT NULL CHECK (offered >= answered),
    answered INTEGER NOT NULL CHECK (answered >= 0),
    answered_in_target INTEGER, abandoned INTEGER, avg_wait_s INTEGER
) STRICT;
CREATE UNIQUE INDEX channel_daily_key ON channel_daily (date, channel_id) WHERE deleted_at IS NULL;

CREATE TABLE order_volume (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    month TEXT NOT NULL,
    product_id INTEGER REFERENCES product (id),         -- NULL: all
    orders INTEGER NOT NULL CHECK (orders >= 0)
) STRICT;

CREATE TABLE spare_parts (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    month TEXT NOT NULL,
    part_class TEXT NOT NULL,
    opening INTEGER NOT NULL, closing INTEGER NOT NULL, issued INTEGER NOT NULL, dead INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX spare_parts_key ON spare_parts (month, part_class) WHERE deleted_at IS NULL;

CREATE TABLE manual_metric (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    key TEXT NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL DEFAULT '',
    direction TEXT NOT NULL DEFAULT 'up' CHECK (direction IN ('up', 'down', 'neutral')),
    month TEXT NOT NULL, value REAL, note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX manual_metric_key ON manual_metric (key, month) WHERE deleted_at IS NULL;

-- 2.17
CREATE TABLE report (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    type TEXT NOT NULL CHECK (type IN ('monthly', 'complaints', 'quarterly', 'half_year')),
    period TEXT NOT NULL, language TEXT NOT NULL, data_cutoff INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'generated', 'reviewed',
        'published', 'superseded')),
    snapshot TEXT CHECK (snapshot IS NULL OR json_valid(snapshot)),
    author_id INTEGER REFERENCES person (id), reviewer_id INTEGER REFERENCES person (id),
    published_at INTEGER, pdf_path TEXT, sha256 TEXT,
    masking TEXT NOT NULL DEFAULT 'masked'
) STRICT;
CREATE INDEX report_period ON report (type, period, version);

-- What the supervisor types into a report: judgement, causes, plans, edited sentences.
CREATE TABLE report_note (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    type TEXT NOT NULL, period TEXT NOT NULL,
    section TEXT NOT NULL,              -- key of the section, or of the drafted sentence
    text TEXT NOT NULL, original TEXT   -- original: the draft that was edited
) STRICT;

-- Tasks of last month's plan (5.2, chapters 1 and 11) and key events (chapter 2, chart bands).
CREATE TABLE plan_task (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    period TEXT NOT NULL, text TEXT NOT NULL, metric TEXT,
    owner_id INTEGER REFERENCES person (id), due_date TEXT,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'dropped')),
    result TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE key_event (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    starts_on TEXT NOT NULL, ends_on TEXT NOT NULL,
    title TEXT NOT NULL, kind TEXT NOT NULL DEFAULT 'other', state TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE attachment (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    owner_table TEXT NOT NULL, owner_id INTEGER NOT NULL,
    sha256 TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL, mime TEXT NOT NULL
) STRICT;
CREATE INDEX attachment_owner ON attachment (owner_id);

CREATE TABLE saved_view (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    entity TEXT NOT NULL, name TEXT NOT NULL, owner_id INTEGER REFERENCES person (id),
    query TEXT NOT NULL CHECK (json_valid(query)), sort INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Templates, macros, canned replies, checklists: one declaration each as JSON.
CREATE TABLE template (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    kind TEXT NOT NULL CHECK (kind IN ('ticket', 'macro', 'reply', 'checklist', 'script')),
    name TEXT NOT NULL, body TEXT NOT NULL CHECK (json_valid(body)),
    sort INTEGER NOT NULL DEFAULT 0, active INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE checklist_item (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    text TEXT NOT NULL, sort INTEGER NOT NULL DEFAULT 0,
    blocking INTEGER NOT NULL DEFAULT 0, done_at INTEGER, done_by_id INTEGER REFERENCES person (id)
) STRICT;
CREATE INDEX checklist_item_ticket ON checklist_item (ticket_id);

CREATE TABLE notification (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    person_id INTEGER REFERENCES person (id),
    kind TEXT NOT NULL, at INTEGER NOT NULL,
    tbl TEXT, record_id INTEGER, text TEXT NOT NULL, args TEXT NOT NULL DEFAULT '{}',
    seen_at INTEGER
) STRICT;
CREATE INDEX notification_person ON notification (person_id, seen_at);

-- Exports, unmasking, erasure: what no change of a row shows (2.17, 7.6). Never edited.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL, actor_id INTEGER,
    action TEXT NOT NULL, detail TEXT NOT NULL CHECK (json_valid(detail))
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'audit entries are never changed');
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'audit entries are never removed');
END;

-- Full text: one document per record under the record's key. Contentless: text is segmented
-- before insertion (search.py). pending: records written but not yet indexed.
CREATE VIRTUAL TABLE search_index USING fts5 (
    body, content = '', contentless_delete = 1, detail = full,
    tokenize = "unicode61 remove_diacritics 0"
);
CREATE TABLE search_doc (
    id INTEGER PRIMARY KEY,             -- the record's key
    tbl TEXT NOT NULL
) STRICT;
CREATE TABLE search_pending (
    id INTEGER PRIMARY KEY,
    tbl TEXT NOT NULL
) STRICT;
