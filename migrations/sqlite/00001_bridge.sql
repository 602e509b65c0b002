-- +goose Up

-- One BBB room and what it takes to enter it.
CREATE TABLE rooms (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again after a deletion
    slug               TEXT NOT NULL UNIQUE,              -- last part of the participant link
    name               TEXT NOT NULL,
    description        TEXT NOT NULL,                     -- plain text
    shop_url           TEXT NOT NULL,                     -- empty: the event's shop
    meeting_id         TEXT NOT NULL,                     -- BBB meetingID
    wait_for_moderator INTEGER NOT NULL CHECK (wait_for_moderator IN (0, 1)),
    access             TEXT NOT NULL,                     -- ticket, open, code
    code               TEXT NOT NULL,                     -- access code, empty unless access is code
    recording          TEXT NOT NULL                      -- what happens without consent to being recorded
) STRICT;

-- One scheduled date of a room.
CREATE TABLE dates (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id  INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    title    TEXT NOT NULL,    -- empty: the room's name
    from_us  INTEGER NOT NULL, -- microseconds since 1970, UTC
    to_us    INTEGER NOT NULL, -- microseconds since 1970, UTC
    event    TEXT NOT NULL,    -- slug of the pretix event series, empty while the date is not at pretix
    subevent INTEGER NOT NULL  -- pretix SubEvent id, 0 while the date is not at pretix
) STRICT;
CREATE INDEX dates_by_room ON dates (room_id, from_us);

-- Who was sent to BBB a moment ago and may not be listed there yet. A lease that has run out still tells who came last.
CREATE TABLE leases (
    meeting  TEXT NOT NULL,    -- BBB internalMeetingID
    user_id  TEXT NOT NULL,    -- BBB userID
    browser  TEXT NOT NULL,    -- id from the browser's signed cookie
    since_us INTEGER NOT NULL, -- when that browser took it; microseconds since 1970, UTC
    until_us INTEGER NOT NULL, -- first instant at which another browser may take it; microseconds since 1970, UTC
    PRIMARY KEY (meeting, user_id)
) STRICT;

-- What a person was shown and chose before entry. Erased after the retention period, not with the room.
CREATE TABLE consents (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    at_us        INTEGER NOT NULL, -- microseconds since 1970, UTC
    room         TEXT NOT NULL,    -- slug
    meeting      TEXT NOT NULL,    -- BBB internalMeetingID
    user_id      TEXT NOT NULL,    -- BBB userID
    given        INTEGER NOT NULL CHECK (given IN (0, 1)),
    policy       TEXT NOT NULL,    -- what the room does without consent
    text_version TEXT NOT NULL,    -- version of the notice
    language     TEXT NOT NULL     -- language of the notice
) STRICT;
CREATE INDEX consents_by_time ON consents (at_us);

-- Decisions about persons, without names, secrets and join URLs. Erased after the retention period.
CREATE TABLE audit (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at_us      INTEGER NOT NULL, -- microseconds since 1970, UTC
    kind       TEXT NOT NULL,    -- entry, room, date, ...
    room       TEXT NOT NULL,    -- slug, may be empty
    order_code TEXT NOT NULL,    -- pretix order code, may be empty
    position   INTEGER NOT NULL, -- pretix position id, 0 if none
    outcome    TEXT NOT NULL,    -- admitted, or the reason of a refusal
    detail     TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (at_us);

-- What the installation makes for itself once and keeps, for example the key that signs cookies.
CREATE TABLE settings (
    name       TEXT NOT NULL PRIMARY KEY,
    value      BLOB NOT NULL,
    created_us INTEGER NOT NULL -- microseconds since 1970, UTC
) STRICT;
