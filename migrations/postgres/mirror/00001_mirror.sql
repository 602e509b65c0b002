-- +goose Up

-- The local copy of pretix, in a schema of its own. It may be deleted at any time: it is fetched anew.

-- One row. generation grows with every change of the copy, in the same transaction; configuration is the generation at
-- which something other than orders, media and secrets changed last.
CREATE TABLE generation (
    id            BIGINT PRIMARY KEY CHECK (id = 1),
    generation    BIGINT NOT NULL,
    configuration BIGINT NOT NULL
);

-- How far each list of pretix has been fetched, and what went wrong last.
CREATE TABLE progress (
    resource     TEXT COLLATE "C" NOT NULL,    -- items, orders, …
    event        TEXT COLLATE "C" NOT NULL,    -- slug, '': belongs to the organizer
    progress     TEXT COLLATE "C" NOT NULL,    -- JSON, of package pretix/mirror
    row_count    BIGINT NOT NULL, -- objects in the copy
    tried_us     BIGINT NOT NULL, -- microseconds since 1970, UTC; 0: never
    succeeded_us BIGINT NOT NULL, -- microseconds since 1970, UTC; 0: never
    retry_us     BIGINT NOT NULL, -- not to be tried before; microseconds since 1970, UTC
    failures     BIGINT NOT NULL, -- in a row
    class        TEXT COLLATE "C" NOT NULL,    -- of the last failure, '': the last try succeeded
    detail       TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (resource, event)
);

-- Configuration: events, their settings, dates, products, questions, lists, badges.
CREATE TABLE objects (
    resource TEXT COLLATE "C" NOT NULL,
    event    TEXT COLLATE "C" NOT NULL,    -- slug
    name     TEXT COLLATE "C" NOT NULL,    -- id or slug
    rank     BIGINT NOT NULL, -- place in the list, as pretix ordered it
    raw      BYTEA NOT NULL,    -- JSON as pretix sent it
    PRIMARY KEY (resource, event, name)
);

CREATE TABLE orders (
    code             TEXT COLLATE "C" PRIMARY KEY,
    event            TEXT COLLATE "C" NOT NULL,    -- slug
    status           TEXT COLLATE "C" NOT NULL,    -- p, n, e, c
    email            TEXT COLLATE "C" NOT NULL,
    locale           TEXT COLLATE "C" NOT NULL,
    attention        BIGINT NOT NULL, -- 0, 1
    checkin_text     TEXT COLLATE "C" NOT NULL,
    require_approval BIGINT NOT NULL, -- 0, 1
    valid_if_pending BIGINT NOT NULL, -- 0, 1
    digest           BIGINT NOT NULL, -- hash of the JSON as pretix sent it
    seen             BIGINT NOT NULL, -- number of the last walk over all orders that met it
    head             BYTEA NOT NULL,    -- its JSON up to its positions,
    tail             BYTEA NOT NULL     -- and after them
);
CREATE INDEX orders_by_event ON orders (event, code);
CREATE INDEX orders_by_walk ON orders (event, seen);

CREATE TABLE positions (
    id             BIGINT PRIMARY KEY,
    order_code     TEXT COLLATE "C" NOT NULL,
    event          TEXT COLLATE "C" NOT NULL,    -- slug
    positionid     BIGINT NOT NULL, -- number within the order
    item           BIGINT NOT NULL,
    variation      BIGINT NOT NULL, -- 0: none
    subevent       BIGINT NOT NULL, -- 0: none
    secret         TEXT COLLATE "C" NOT NULL,    -- compared exactly
    secret_start   TEXT COLLATE "C" NOT NULL,    -- its first characters in upper case, for the search
    addon_to       BIGINT NOT NULL, -- 0: none
    attendee_name  TEXT COLLATE "C" NOT NULL,
    attendee_email TEXT COLLATE "C" NOT NULL,
    seat           TEXT COLLATE "C" NOT NULL,
    valid_from_us  BIGINT NOT NULL, -- microseconds since 1970, UTC; 0: no limit
    valid_until_us BIGINT NOT NULL, -- microseconds since 1970, UTC; 0: no limit
    blocked        BIGINT NOT NULL, -- 0, 1
    answers        TEXT COLLATE "C" NOT NULL,    -- JSON [[question, text], …], '': none
    checkins       TEXT COLLATE "C" NOT NULL,    -- JSON [[id, list, type, microseconds, device], …], '': none
    nameless       BIGINT NOT NULL, -- 0, 1
    searched       TEXT COLLATE "C" NOT NULL,    -- names and addresses in upper case
    raw            BYTEA NOT NULL     -- JSON as pretix sent it
);
CREATE INDEX positions_by_secret ON positions (secret);
CREATE INDEX positions_by_secret_start ON positions (secret_start);
CREATE INDEX positions_by_order ON positions (order_code, positionid);
CREATE INDEX positions_by_base ON positions (addon_to) WHERE addon_to <> 0;
CREATE INDEX positions_by_name ON positions (nameless, attendee_name, positionid, id);

-- Tickets counted, so that a status need not look at each.
CREATE TABLE tallies (
    event     TEXT COLLATE "C" NOT NULL,    -- slug
    list      BIGINT NOT NULL, -- 0: total counts all tickets
    item      BIGINT NOT NULL,
    variation BIGINT NOT NULL, -- 0: none
    subevent  BIGINT NOT NULL, -- 0: none
    class     TEXT COLLATE "C" NOT NULL,    -- p paid, v pending but valid, n pending
    total     BIGINT NOT NULL,
    entered   BIGINT NOT NULL, -- on that list at least once
    inside    BIGINT NOT NULL, -- whose last check-in on that list is an entry
    PRIMARY KEY (event, list, item, variation, subevent, class)
);

CREATE TABLE secrets (
    kind   TEXT COLLATE "C" NOT NULL,    -- revokedsecrets, blockedsecrets
    event  TEXT COLLATE "C" NOT NULL,    -- slug
    id     BIGINT NOT NULL,
    secret TEXT COLLATE "C" NOT NULL,
    raw    BYTEA NOT NULL,    -- JSON as pretix sent it
    PRIMARY KEY (kind, event, id)
);
CREATE INDEX secrets_by_secret ON secrets (secret);

CREATE TABLE media (
    id         BIGINT PRIMARY KEY,
    type       TEXT COLLATE "C" NOT NULL,    -- barcode, nfc_uid, …
    identifier TEXT COLLATE "C" NOT NULL,    -- compared exactly
    active     BIGINT NOT NULL, -- 0, 1
    expires_us BIGINT NOT NULL, -- microseconds since 1970, UTC; 0: never
    raw        BYTEA NOT NULL     -- JSON as pretix sent it
);
CREATE INDEX media_by_identifier ON media (identifier, type);

CREATE TABLE media_positions (
    position BIGINT NOT NULL, -- may not be in the copy
    medium   BIGINT NOT NULL,
    PRIMARY KEY (position, medium)
);
CREATE INDEX media_positions_by_medium ON media_positions (medium);

-- Files that objects refer to, such as the background of a badge.
CREATE TABLE files (
    name         TEXT COLLATE "C" PRIMARY KEY, -- made from the address
    address      TEXT COLLATE "C" NOT NULL,
    content_type TEXT COLLATE "C" NOT NULL,
    data         BYTEA NOT NULL
);
