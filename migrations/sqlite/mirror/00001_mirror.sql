-- +goose Up

-- The local copy of pretix, in a file of its own. It may be deleted at any time: it is fetched anew.

-- One row. generation grows with every change of the copy, in the same transaction; configuration is the generation at
-- which something other than orders, media and secrets changed last.
CREATE TABLE generation (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    generation    INTEGER NOT NULL,
    configuration INTEGER NOT NULL
) STRICT;

-- How far each list of pretix has been fetched, and what went wrong last.
CREATE TABLE progress (
    resource     TEXT NOT NULL,    -- items, orders, …
    event        TEXT NOT NULL,    -- slug, '': belongs to the organizer
    progress     TEXT NOT NULL,    -- JSON, of package pretix/mirror
    row_count    INTEGER NOT NULL, -- objects in the copy
    tried_us     INTEGER NOT NULL, -- microseconds since 1970, UTC; 0: never
    succeeded_us INTEGER NOT NULL, -- microseconds since 1970, UTC; 0: never
    retry_us     INTEGER NOT NULL, -- not to be tried before; microseconds since 1970, UTC
    failures     INTEGER NOT NULL, -- in a row
    class        TEXT NOT NULL,    -- of the last failure, '': the last try succeeded
    detail       TEXT NOT NULL,
    PRIMARY KEY (resource, event)
) STRICT;

-- Configuration: events, their settings, dates, products, questions, lists, badges.
CREATE TABLE objects (
    resource TEXT NOT NULL,
    event    TEXT NOT NULL,    -- slug
    name     TEXT NOT NULL,    -- id or slug
    rank     INTEGER NOT NULL, -- place in the list, as pretix ordered it
    raw      BLOB NOT NULL,    -- JSON as pretix sent it
    PRIMARY KEY (resource, event, name)
) STRICT;

CREATE TABLE orders (
    code             TEXT PRIMARY KEY,
    event            TEXT NOT NULL,    -- slug
    status           TEXT NOT NULL,    -- p, n, e, c
    email            TEXT NOT NULL,
    locale           TEXT NOT NULL,
    attention        INTEGER NOT NULL, -- 0, 1
    checkin_text     TEXT NOT NULL,
    require_approval INTEGER NOT NULL, -- 0, 1
    valid_if_pending INTEGER NOT NULL, -- 0, 1
    digest           INTEGER NOT NULL, -- hash of the JSON as pretix sent it
    seen             INTEGER NOT NULL, -- number of the last walk over all orders that met it
    head             BLOB NOT NULL,    -- its JSON up to its positions,
    tail             BLOB NOT NULL     -- and after them
) STRICT;
CREATE INDEX orders_by_event ON orders (event, code);
CREATE INDEX orders_by_walk ON orders (event, seen);

CREATE TABLE positions (
    id             INTEGER PRIMARY KEY,
    order_code     TEXT NOT NULL,
    event          TEXT NOT NULL,    -- slug
    positionid     INTEGER NOT NULL, -- number within the order
    item           INTEGER NOT NULL,
    variation      INTEGER NOT NULL, -- 0: none
    subevent       INTEGER NOT NULL, -- 0: none
    secret         TEXT NOT NULL,    -- compared exactly
    secret_start   TEXT NOT NULL,    -- its first characters in upper case, for the search
    addon_to       INTEGER NOT NULL, -- 0: none
    attendee_name  TEXT NOT NULL,
    attendee_email TEXT NOT NULL,
    seat           TEXT NOT NULL,
    valid_from_us  INTEGER NOT NULL, -- microseconds since 1970, UTC; 0: no limit
    valid_until_us INTEGER NOT NULL, -- microseconds since 1970, UTC; 0: no limit
    blocked        INTEGER NOT NULL, -- 0, 1
    answers        TEXT NOT NULL,    -- JSON [[question, text], …], '': none
    checkins       TEXT NOT NULL,    -- JSON [[id, list, type, microseconds, device], …], '': none
    nameless       INTEGER NOT NULL, -- 0, 1
    searched       TEXT NOT NULL,    -- names and addresses in upper case
    raw            BLOB NOT NULL     -- JSON as pretix sent it
) STRICT;
CREATE INDEX positions_by_secret ON positions (secret);
CREATE INDEX positions_by_secret_start ON positions (secret_start);
CREATE INDEX positions_by_order ON positions (order_code, positionid);
CREATE INDEX positions_by_base ON positions (addon_to) WHERE addon_to <> 0;
CREATE INDEX positions_by_name ON positions (nameless, attendee_name, positionid, id);

-- The search in positions.searched, by rowid: which rows hold three characters, but not where.
CREATE VIRTUAL TABLE positions_text USING fts5 (searched, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1', detail = none);

-- Tickets counted, so that a status need not look at each.
CREATE TABLE tallies (
    event     TEXT NOT NULL,    -- slug
    list      INTEGER NOT NULL, -- 0: total counts all tickets
    item      INTEGER NOT NULL,
    variation INTEGER NOT NULL, -- 0: none
    subevent  INTEGER NOT NULL, -- 0: none
    class     TEXT NOT NULL,    -- p paid, v pending but valid, n pending
    total     INTEGER NOT NULL,
    entered   INTEGER NOT NULL, -- on that list at least once
    inside    INTEGER NOT NULL, -- whose last check-in on that list is an entry
    PRIMARY KEY (event, list, item, variation, subevent, class)
) STRICT;

CREATE TABLE secrets (
    kind   TEXT NOT NULL,    -- revokedsecrets, blockedsecrets
    event  TEXT NOT NULL,    -- slug
    id     INTEGER NOT NULL,
    secret TEXT NOT NULL,
    raw    BLOB NOT NULL,    -- JSON as pretix sent it
    PRIMARY KEY (kind, event, id)
) STRICT;
CREATE INDEX secrets_by_secret ON secrets (secret);

CREATE TABLE media (
    id         INTEGER PRIMARY KEY,
    type       TEXT NOT NULL,    -- barcode, nfc_uid, …
    identifier TEXT NOT NULL,    -- compared exactly
    active     INTEGER NOT NULL, -- 0, 1
    expires_us INTEGER NOT NULL, -- microseconds since 1970, UTC; 0: never
    raw        BLOB NOT NULL     -- JSON as pretix sent it
) STRICT;
CREATE INDEX media_by_identifier ON media (identifier, type);

CREATE TABLE media_positions (
    position INTEGER NOT NULL, -- may not be in the copy
    medium   INTEGER NOT NULL,
    PRIMARY KEY (position, medium)
) STRICT;
CREATE INDEX media_positions_by_medium ON media_positions (medium);

-- Files that objects refer to, such as the background of a badge.
CREATE TABLE files (
    name         TEXT PRIMARY KEY, -- made from the address
    address      TEXT NOT NULL,
    content_type TEXT NOT NULL,
    data         BLOB NOT NULL
) STRICT;
