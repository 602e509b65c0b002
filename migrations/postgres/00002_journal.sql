-- +goose Up

-- Accepted scans: each lets somebody in or out from the moment it is committed, and pretix must be told of it.
CREATE TABLE checkins (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- ascending in the order of the decisions
    event       TEXT NOT NULL,                                   -- slug
    list        BIGINT NOT NULL,                                 -- pretix CheckinList id
    position    BIGINT NOT NULL,                                 -- pretix OrderPosition id; 0 for a signed ticket whose order we do not have
    secret      TEXT NOT NULL,                                   -- the ticket's own, in the clear: pretix takes uploads by secret, and a signed ticket is known by nothing else
    type        TEXT NOT NULL,                                   -- ENTRY, EXIT
    at_us       BIGINT NOT NULL,                                 -- as pretix is told: whole seconds, in microseconds since 1970, UTC
    nonce       TEXT NOT NULL,                                   -- from the device, or made here
    device      BIGINT NOT NULL,                                 -- our number of the scanner
    device_name TEXT NOT NULL,                                   -- its name then
    answers     TEXT NOT NULL,                                   -- JSON object: question id -> text

    state       TEXT NOT NULL,   -- queued, sent, given_up
    attempts    BIGINT NOT NULL, -- uploads begun; above 0 pretix may know it, whatever we heard
    next_us     BIGINT NOT NULL, -- not to be sent before; microseconds since 1970, UTC
    done_us     BIGINT NOT NULL, -- when it was sent or given up, 0: queued; microseconds since 1970, UTC
    reason      TEXT NOT NULL,   -- why the last attempt failed

    settled_generation BIGINT NOT NULL, -- of the mirror that showed it back first: from there on it counts only where the mirror has it; 0: not yet
    other_at_us        BIGINT NOT NULL, -- a check-in by somebody else that pretix had already, which makes this a double admission; 0: none
    other_device       BIGINT NOT NULL  -- its device's number within the organizer, 0: unknown
);
CREATE INDEX checkins_by_secret ON checkins (secret, list);
CREATE INDEX checkins_by_position ON checkins (position, list);
CREATE INDEX checkins_queued ON checkins (id) WHERE state = 'queued';
CREATE INDEX checkins_given_up ON checkins (id) WHERE state = 'given_up';
CREATE INDEX checkins_unsettled ON checkins (list, id) WHERE settled_generation = 0;
CREATE INDEX checkins_double ON checkins (done_us) WHERE other_at_us <> 0;

-- Refused scans, for pretix' failed_checkins.
CREATE TABLE refusals (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event       TEXT NOT NULL,                                   -- slug
    list        BIGINT NOT NULL,                                 -- pretix CheckinList id
    position    BIGINT NOT NULL,                                 -- pretix OrderPosition id, 0: no ticket was found
    raw_barcode TEXT NOT NULL,                                   -- as pretix shall show it: holds a ticket secret, if it was a ticket
    type        TEXT NOT NULL,                                   -- ENTRY, EXIT
    at_us       BIGINT NOT NULL,                                 -- whole seconds, in microseconds since 1970, UTC
    nonce       TEXT NOT NULL,                                   -- from the device, or made here
    device      BIGINT NOT NULL,                                 -- our number of the scanner
    device_name TEXT NOT NULL,                                   -- its name then
    error_reason TEXT NOT NULL,                                  -- pretix' word
    raw_item      BIGINT NOT NULL,                               -- what a signed code says, 0: nothing
    raw_variation BIGINT NOT NULL,
    raw_subevent  BIGINT NOT NULL,

    state       TEXT NOT NULL,   -- queued, sent, given_up
    attempts    BIGINT NOT NULL,
    next_us     BIGINT NOT NULL, -- not to be sent before; microseconds since 1970, UTC
    done_us     BIGINT NOT NULL, -- when it was sent or given up, 0: queued; microseconds since 1970, UTC
    reason      TEXT NOT NULL    -- why the last attempt failed
);
CREATE INDEX refusals_queued ON refusals (id) WHERE state = 'queued';
CREATE INDEX refusals_given_up ON refusals (id) WHERE state = 'given_up';

-- Badges that scanners printed, for pretix' print log.
CREATE TABLE print_logs (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event       TEXT NOT NULL,                                   -- slug
    position    BIGINT NOT NULL,                                 -- pretix OrderPosition id
    body        TEXT NOT NULL,                                   -- JSON object as the scanner sent it
    at_us       BIGINT NOT NULL,                                 -- when we got it; microseconds since 1970, UTC
    nonce       TEXT NOT NULL,                                   -- the idempotency key
    device      BIGINT NOT NULL,                                 -- our number of the scanner
    device_name TEXT NOT NULL,                                   -- its name then

    state       TEXT NOT NULL,   -- queued, sent, given_up
    attempts    BIGINT NOT NULL,
    next_us     BIGINT NOT NULL, -- not to be sent before; microseconds since 1970, UTC
    done_us     BIGINT NOT NULL, -- when it was sent or given up, 0: queued; microseconds since 1970, UTC
    reason      TEXT NOT NULL    -- why the last attempt failed
);
CREATE INDEX print_logs_queued ON print_logs (id) WHERE state = 'queued';
CREATE INDEX print_logs_given_up ON print_logs (id) WHERE state = 'given_up';

-- Valid answers of scans, whatever became of the scan, so that no crew asks twice. The newest of each question.
CREATE TABLE kept_answers (
    secret   TEXT NOT NULL,             -- of the ticket
    question BIGINT NOT NULL,           -- pretix Question id
    position BIGINT NOT NULL,           -- pretix OrderPosition id, 0 for a signed ticket whose order we do not have
    answer   TEXT NOT NULL,             -- as pretix stores it
    at_us    BIGINT NOT NULL,           -- whole seconds, in microseconds since 1970, UTC
    settled_generation BIGINT NOT NULL, -- of the mirror that has the check-in with which pretix got it; 0: not yet
    PRIMARY KEY (secret, question)
);
CREATE INDEX kept_answers_by_position ON kept_answers (position);
