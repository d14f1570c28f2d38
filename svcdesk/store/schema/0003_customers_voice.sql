-- The customer's voice: the complaint log in full, callbacks by rule, surveys with versions,
-- quality checks. Added to a file of version 2; the change log's triggers are made anew after it.

-- -- complaint log ---------------------------------------------------------------------------

-- 2.7: who the complaint is about; never the one who handles it.
ALTER TABLE complaint ADD COLUMN complained_of_id INTEGER REFERENCES person (id);
-- What the rules proposed when the severity was chosen, and why (codes); by_hand: a person chose.
ALTER TABLE complaint ADD COLUMN severity_proposed TEXT
    CHECK (severity_proposed IN ('normal', 'major', 'urgent'));
ALTER TABLE complaint ADD COLUMN severity_reasons TEXT NOT NULL DEFAULT '[]'
    CHECK (json_valid(severity_reasons));
ALTER TABLE complaint ADD COLUMN severity_by_hand INTEGER NOT NULL DEFAULT 0
    CHECK (severity_by_hand IN (0, 1));
-- Derived limits of the severity, besides due_at: first contact, interim feedback, answer.
ALTER TABLE complaint ADD COLUMN ack_due_at INTEGER;
ALTER TABLE complaint ADD COLUMN interim_due_at INTEGER;
ALTER TABLE complaint ADD COLUMN answer_due_at INTEGER;
-- The result was fed back to the complainant: when, and how (C6).
ALTER TABLE complaint ADD COLUMN told_at INTEGER;
ALTER TABLE complaint ADD COLUMN told_channel_id INTEGER REFERENCES list_item (id);
ALTER TABLE complaint ADD COLUMN withdraw_evidence TEXT;
-- C11: how many have seen it, who handles it, since when it is known.
ALTER TABLE complaint ADD COLUMN exposure_reach INTEGER CHECK (exposure_reach >= 0);
ALTER TABLE complaint ADD COLUMN exposure_handler_id INTEGER REFERENCES person (id);
ALTER TABLE complaint ADD COLUMN exposure_since INTEGER;
-- C20: what it did to the business; money in fen.
ALTER TABLE complaint ADD COLUMN impact_lost INTEGER CHECK (impact_lost IN (0, 1));
ALTER TABLE complaint ADD COLUMN impact_lost_amount INTEGER CHECK (impact_lost_amount >= 0);
ALTER TABLE complaint ADD COLUMN impact_reputation INTEGER CHECK (impact_reputation IN (0, 1));
ALTER TABLE complaint ADD COLUMN impact_cost INTEGER CHECK (impact_cost >= 0);
ALTER TABLE complaint ADD COLUMN impact_compliance INTEGER CHECK (impact_compliance IN (0, 1));
ALTER TABLE complaint ADD COLUMN impact_guarantees INTEGER CHECK (impact_guarantees IN (0, 1));
ALTER TABLE complaint ADD COLUMN impact_legal INTEGER CHECK (impact_legal IN (0, 1));
ALTER TABLE complaint ADD COLUMN impact_legal_cost INTEGER CHECK (impact_legal_cost >= 0);
CREATE INDEX complaint_unanswered ON complaint (ack_due_at) WHERE contacted_at IS NULL
    AND status IN ('registered', 'accepted', 'investigating', 'responded');
CREATE INDEX complaint_exposed ON complaint (exposure_state)
    WHERE social_exposure = 1 AND deleted_at IS NULL;
CREATE INDEX complaint_merged ON complaint (merged_into_id) WHERE merged_into_id IS NOT NULL;

-- What each department has to do, by when, and what it answered; the main one is resp_dept_id.
ALTER TABLE complaint_department ADD COLUMN task TEXT NOT NULL DEFAULT '';
ALTER TABLE complaint_department ADD COLUMN asked_at INTEGER;
ALTER TABLE complaint_department ADD COLUMN asked_by_id INTEGER REFERENCES person (id);
ALTER TABLE complaint_department ADD COLUMN due_at INTEGER;
ALTER TABLE complaint_department ADD COLUMN answer TEXT NOT NULL DEFAULT '';
ALTER TABLE complaint_department ADD COLUMN answered_at INTEGER;
ALTER TABLE complaint_department ADD COLUMN answered_by_id INTEGER REFERENCES person (id);
CREATE INDEX complaint_department_open ON complaint_department (due_at)
    WHERE answered_at IS NULL AND due_at IS NOT NULL AND deleted_at IS NULL;

-- Every extension of the deadline; complaint.due_original_at keeps the first one.
CREATE TABLE complaint_extension (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    complaint_id INTEGER NOT NULL REFERENCES complaint (id),
    at INTEGER NOT NULL,
    granted_by_id INTEGER REFERENCES person (id),
    old_due_at INTEGER, new_due_at INTEGER NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX complaint_extension_complaint ON complaint_extension (complaint_id);

-- A compensation above the limit of whoever grants it, put before a supervisor (C12).
CREATE TABLE complaint_approval (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    complaint_id INTEGER NOT NULL REFERENCES complaint (id),
    amount INTEGER NOT NULL CHECK (amount > 0),         -- fen
    reason TEXT NOT NULL DEFAULT '',
    requested_at INTEGER NOT NULL,
    requested_by_id INTEGER REFERENCES person (id),
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'granted', 'refused', 'dropped')),
    decided_at INTEGER, decided_by_id INTEGER REFERENCES person (id),
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX complaint_approval_complaint ON complaint_approval (complaint_id);
CREATE INDEX complaint_approval_open ON complaint_approval (requested_at) WHERE state = 'open';

-- The same complaint at an authority or a platform, with its number and limits there.
CREATE TABLE complaint_case (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    complaint_id INTEGER NOT NULL REFERENCES complaint (id),
    body TEXT NOT NULL CHECK (body IN ('12315', '12345', 'platform', 'consumer_association',
        'regulator', 'court', 'other')),
    case_no TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    accept_due_at INTEGER, accepted_at INTEGER,
    due_at INTEGER, closed_at INTEGER,
    outcome TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX complaint_case_complaint ON complaint_case (complaint_id);
CREATE INDEX complaint_case_open ON complaint_case (due_at)
    WHERE closed_at IS NULL AND deleted_at IS NULL;

CREATE TABLE complaint_escalation (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    complaint_id INTEGER NOT NULL REFERENCES complaint (id),
    at INTEGER NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('supervisor', 'manager', 'general_manager', 'external')),
    from_id INTEGER REFERENCES person (id),
    to_id INTEGER REFERENCES person (id), to_name TEXT NOT NULL DEFAULT '',
    cause TEXT NOT NULL CHECK (cause IN ('overdue', 'communication', 'customer', 'severity',
        'authority', 'other')),
    reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX complaint_escalation_complaint ON complaint_escalation (complaint_id);

-- The daily word on a publication until it is calm (4.4).
CREATE TABLE exposure_note (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    complaint_id INTEGER NOT NULL REFERENCES complaint (id),
    day TEXT NOT NULL,                                  -- ISO date of the team's zone
    person_id INTEGER REFERENCES person (id),
    state TEXT NOT NULL CHECK (state IN ('watching', 'answered', 'calm')),
    reach INTEGER CHECK (reach >= 0),
    text TEXT NOT NULL
) STRICT;
CREATE INDEX exposure_note_complaint ON exposure_note (complaint_id, day);

-- C8: why it came again and who answers for it; penalty_note is for supervisors only and is
-- neither exported nor printed.
CREATE TABLE complaint_trace (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    complaint_id INTEGER NOT NULL REFERENCES complaint (id),
    cause TEXT NOT NULL DEFAULT '', measure TEXT NOT NULL DEFAULT '',
    department_id INTEGER REFERENCES list_item (id),
    person_id INTEGER REFERENCES person (id),
    personal_fault INTEGER CHECK (personal_fault IN (0, 1)),
    penalty_note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX complaint_trace_one ON complaint_trace (complaint_id) WHERE deleted_at IS NULL;

-- -- detection -------------------------------------------------------------------------------

-- What a new complaint is compared with: the one before it, what was resolved before it.
CREATE INDEX complaint_matter ON complaint (customer_id, category_id, received_at);
CREATE INDEX complaint_settled ON complaint (customer_id, category_id, first_resolved_at)
    WHERE first_resolved_at IS NOT NULL;
-- The findings, each from its other end.
CREATE INDEX complaint_member ON complaint (group_id, received_at) WHERE group_id IS NOT NULL;
CREATE INDEX complaint_repeated ON complaint (repeat_of_id) WHERE repeat_of_id IS NOT NULL;
CREATE INDEX complaint_seconded ON complaint (second_of_id) WHERE second_of_id IS NOT NULL;
CREATE INDEX complaint_doubled ON complaint (duplicate_of_id) WHERE duplicate_of_id IS NOT NULL;
CREATE INDEX complaint_suggested ON complaint (received_at) WHERE exposure_suggested = 1;
-- 4.3, option "product + serial prefix": the prefix that the members share.
ALTER TABLE complaint_group ADD COLUMN serial_prefix TEXT;
CREATE INDEX detection_verdict_complaint ON detection_verdict (complaint_id, rule)
    WHERE complaint_id IS NOT NULL;
CREATE INDEX detection_verdict_other ON detection_verdict (other_id, rule)
    WHERE other_id IS NOT NULL;

-- -- callbacks -------------------------------------------------------------------------------

-- Which cases are called back (2.8): read by position, the first that matches decides. conditions:
-- {request_type, category, channel, tier, severity: accepted values}; percent: share of the cases.
CREATE TABLE callback_rule (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL,
    position INTEGER NOT NULL DEFAULT 0,
    record TEXT NOT NULL CHECK (record IN ('ticket', 'complaint')),
    conditions TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(conditions)),
    kind TEXT NOT NULL CHECK (kind IN ('routine', 'complaint', 'key_care', 'mystery')),
    percent INTEGER NOT NULL DEFAULT 100 CHECK (percent BETWEEN 0 AND 100),
    delay_hours INTEGER NOT NULL CHECK (delay_hours BETWEEN 1 AND 720),
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;
-- The rules of a new file; an older file's settings become its rules. Built-in ones carry a code.
INSERT INTO callback_rule (id, entered_at, updated_at, name, position, record, conditions, kind,
                           percent, delay_hours)
SELECT 1, 0, 0, 'repair', 0, 'ticket',
    '{"request_type": ["install", "repair", "return", "exchange", "complaint"]}', 'routine', 100,
    coalesce((SELECT json_extract(value, '$') FROM setting WHERE key = 'callback_hours'), 72)
UNION ALL SELECT 2, 0, 0, 'other', 1, 'ticket', '{}', 'routine',
    coalesce((SELECT json_extract(value, '$') FROM setting WHERE key = 'callback_sampling'), 100),
    coalesce((SELECT json_extract(value, '$') FROM setting WHERE key = 'callback_hours'), 72)
UNION ALL SELECT 3, 0, 0, 'complaint', 2, 'complaint', '{}', 'complaint', 100,
    coalesce((SELECT json_extract(value, '$') FROM setting
              WHERE key = 'complaint_callback_hours'), 48);

-- Why a customer gave a low score (list low_reason). Written without the log: part of the schema.
UPDATE unit_of_work SET operation_id = 1, bulk = 2;
INSERT INTO list_item (id, entered_at, updated_at, list, code, name, sort) VALUES
    (9001, 0, 0, 'low_reason', 'attitude', '服务态度', 0),
    (9002, 0, 0, 'low_reason', 'slow', '等待太久', 1),
    (9003, 0, 0, 'low_reason', 'unsolved', '问题没有解决', 2),
    (9004, 0, 0, 'low_reason', 'again', '同样的问题又出现', 3),
    (9005, 0, 0, 'low_reason', 'price', '费用不合理', 4),
    (9006, 0, 0, 'low_reason', 'visit', '上门不守时', 5),
    (9007, 0, 0, 'low_reason', 'product', '产品本身', 6),
    (9008, 0, 0, 'low_reason', 'other', '其他', 7);
UPDATE unit_of_work SET operation_id = NULL, bulk = 0;

-- Who is away: no callback is handed to somebody on leave. Dates, both days included.
CREATE TABLE person_leave (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    person_id INTEGER NOT NULL REFERENCES person (id),
    starts_on TEXT NOT NULL, ends_on TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX person_leave_person ON person_leave (person_id, ends_on);

-- retry_at: when the next call is meant (an agreed time, or by rule); due_at stays what it was.
ALTER TABLE callback ADD COLUMN retry_at INTEGER;
ALTER TABLE callback ADD COLUMN agreed INTEGER NOT NULL DEFAULT 0 CHECK (agreed IN (0, 1));
ALTER TABLE callback ADD COLUMN rule_id INTEGER REFERENCES callback_rule (id);
ALTER TABLE callback ADD COLUMN new_complaint_id INTEGER REFERENCES complaint (id);
-- Recovery of a low score: what came of it, what was given (words, fen).
ALTER TABLE callback ADD COLUMN recovery_result TEXT
    CHECK (recovery_result IN ('fixed', 'not_fixed', 'not_reached'));
ALTER TABLE callback ADD COLUMN given TEXT NOT NULL DEFAULT '';
ALTER TABLE callback ADD COLUMN given_amount INTEGER CHECK (given_amount >= 0);
ALTER TABLE callback_attempt ADD COLUMN phone_place INTEGER;   -- which of the customer's numbers

-- What the queue, its chips and the fair shares ask, without a look at the tasks themselves.
CREATE INDEX callback_line ON callback (coalesce(retry_at, due_at), due_at, kind, assignee_id,
    retry_at, customer_id, state, deleted_at) WHERE state IN ('planned', 'in_progress') AND deleted_at IS NULL;
CREATE INDEX callback_complaint ON callback (complaint_id) WHERE complaint_id IS NOT NULL;

-- -- surveys and quality checks --------------------------------------------------------------

-- Versions of one form share the id of the first; a form that was used is never changed.
ALTER TABLE survey_form ADD COLUMN root_id INTEGER REFERENCES survey_form (id);
ALTER TABLE survey_form ADD COLUMN invite TEXT NOT NULL DEFAULT '';   -- text to send, placeholders
UPDATE unit_of_work SET operation_id = 1, bulk = 2;
UPDATE survey_form SET root_id = id WHERE root_id IS NULL;
UPDATE unit_of_work SET operation_id = NULL, bulk = 0;

-- One survey asks about one closing of a case: the try (ticket_episode.seq) and when it ended.
-- Attribution is that of the closing; participants: keys of all who took part.
ALTER TABLE survey ADD COLUMN closing_seq INTEGER;
ALTER TABLE survey ADD COLUMN closing_at INTEGER;
ALTER TABLE survey ADD COLUMN team TEXT;
ALTER TABLE survey ADD COLUMN participants TEXT NOT NULL DEFAULT '[]'
    CHECK (json_valid(participants));
-- Who speaks: only customers enter CSAT unless a setting ticks another source (V15).
ALTER TABLE survey ADD COLUMN source TEXT NOT NULL DEFAULT 'customer'
    CHECK (source IN ('customer', 'mystery', 'partner', 'third_party'));
ALTER TABLE survey ADD COLUMN first_at INTEGER;         -- first answer: its 7 days begin
ALTER TABLE survey ADD COLUMN sent_by_id INTEGER REFERENCES person (id);
ALTER TABLE survey ADD COLUMN keyed_by_id INTEGER REFERENCES person (id);
ALTER TABLE survey ADD COLUMN own_case INTEGER NOT NULL DEFAULT 0 CHECK (own_case IN (0, 1));
CREATE INDEX survey_complaint ON survey (complaint_id) WHERE complaint_id IS NOT NULL;
CREATE INDEX survey_customer ON survey (customer_id, sent_at);
CREATE INDEX survey_waiting ON survey (sent_at) WHERE responded_at IS NULL AND deleted_at IS NULL;
CREATE INDEX survey_changed ON survey (first_at, responded_at) WHERE first_at < responded_at;

-- Every answer that was given. The one that counts stands in its survey as well; a survey without
-- rows here has one answer, its own. survey_id NULL: no case was found for it, it counts nowhere.
CREATE TABLE survey_answer (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    external_no TEXT,
    survey_id INTEGER REFERENCES survey (id),
    responded_at INTEGER NOT NULL,
    method TEXT NOT NULL CHECK (method IN ('callback', 'sms', 'wechat', 'form', 'platform',
        'on_site')),
    source TEXT NOT NULL DEFAULT 'customer'
        CHECK (source IN ('customer', 'mystery', 'partner', 'third_party')),
    csat INTEGER CHECK (csat BETWEEN 1 AND 5),
    dim_attitude INTEGER CHECK (dim_attitude BETWEEN 1 AND 5),
    dim_speed INTEGER CHECK (dim_speed BETWEEN 1 AND 5),
    dim_skill INTEGER CHECK (dim_skill BETWEEN 1 AND 5),
    dim_result INTEGER CHECK (dim_result BETWEEN 1 AND 5),
    nps INTEGER CHECK (nps BETWEEN 0 AND 10),
    comment TEXT NOT NULL DEFAULT '',
    reasons TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(reasons)),
    -- what the export said of the case and who answered
    ticket_ref TEXT, order_ref TEXT, phone TEXT, respondent TEXT,
    data_flags TEXT CHECK (data_flags IS NULL OR json_valid(data_flags))
) STRICT;
CREATE INDEX survey_answer_survey ON survey_answer (survey_id, responded_at);
CREATE UNIQUE INDEX survey_answer_external ON survey_answer (external_no)
    WHERE external_no IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX survey_answer_alone ON survey_answer (responded_at)
    WHERE survey_id IS NULL AND deleted_at IS NULL;

-- What is checked (2.10): items [{item, zh, en, weight, critical}]; versions as of survey forms.
CREATE TABLE quality_form (
    id INTEGER PRIMARY KEY,
    entered_at INTEGER NOT NULL, created_by INTEGER, updated_at INTEGER NOT NULL,
    deleted_at INTEGER, batch_id INTEGER, row_version INTEGER NOT NULL DEFAULT 1,
    root_id INTEGER REFERENCES quality_form (id),
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    items TEXT NOT NULL CHECK (json_valid(items)),
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;
UPDATE unit_of_work SET operation_id = 1, bulk = 2;
INSERT INTO quality_form (id, entered_at, updated_at, root_id, name, version, items) VALUES
    (1, 0, 0, 1, '服务质检表', 1, '[
     {"item": "clothing", "zh": "着装规范", "en": "Clothing", "weight": 1, "critical": false},
     {"item": "script", "zh": "话术规范", "en": "Script", "weight": 1, "critical": false},
     {"item": "process", "zh": "流程规范", "en": "Process", "weight": 1, "critical": false},
     {"item": "credentials", "zh": "资质出示", "en": "Credentials shown", "weight": 1, "critical": false},
     {"item": "records", "zh": "记录完整", "en": "Complete records", "weight": 1, "critical": false},
     {"item": "privacy", "zh": "隐私合规", "en": "Privacy", "weight": 1, "critical": true}]');
UPDATE unit_of_work SET operation_id = NULL, bulk = 0;
ALTER TABLE quality_check ADD COLUMN form_id INTEGER REFERENCES quality_form (id);
ALTER TABLE quality_check ADD COLUMN void_reason TEXT NOT NULL DEFAULT '';
CREATE INDEX quality_check_ticket ON quality_check (ticket_id);

-- -- steps that the program takes by itself (2.19) ---------------------------------------------
CREATE INDEX ticket_settled ON ticket (resolved_at)
    WHERE status = 'resolved' AND batch_id IS NULL AND deleted_at IS NULL;
CREATE INDEX ticket_waiting ON ticket (id)
    WHERE status = 'pending_customer' AND batch_id IS NULL AND deleted_at IS NULL;
CREATE INDEX complaint_done ON complaint (resolved_at)
    WHERE status = 'resolved' AND batch_id IS NULL AND deleted_at IS NULL;

-- -- search index ----------------------------------------------------------------------------
-- Its rows are numbered anew (index_rows.py): everything is indexed again in the background.
INSERT OR IGNORE INTO search_pending (id, tbl) SELECT id, tbl FROM search_doc;
DELETE FROM search_doc;
INSERT INTO search_index (search_index) VALUES ('delete-all');
INSERT INTO customer_index (customer_index) VALUES ('delete-all');
