-- +goose Up

-- One BBB room and what it takes to enter it.
CREATE TABLE rooms (
    id                 BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- never used again after a deletion
    slug               TEXT NOT NULL UNIQUE,                            -- last part of the participant link
    name               TEXT NOT NULL,
    description        TEXT NOT NULL,                                   -- plain text
    shop_url           TEXT NOT NULL,                                   -- empty: the event's shop
    meeting_id         TEXT NOT NULL,                                   -- BBB meetingID
    wait_for_moderator BOOLEAN NOT NULL,
    access             TEXT NOT NULL,                                   -- ticket, open, code
    code               TEXT NOT NULL,                                   -- access code, empty unless access is code
    recording          TEXT NOT NULL                                    -- what happens without consent to being recorded
);

-- One scheduled date of a room.
CREATE TABLE dates (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    room_id  BIGINT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    title    TEXT NOT NULL,   -- empty: the room's name
    from_us  BIGINT NOT NULL, -- microseconds since 1970, UTC
    to_us    BIGINT NOT NULL, -- microseconds since 1970, UTC
    event    TEXT NOT NULL,   -- slug of the pretix event series, empty while the date is not at pretix
    subevent BIGINT NOT NULL  -- pretix SubEvent id, 0 while the date is not at pretix
);
CREATE INDEX dates_by_room ON dates (room_id, from_us);

-- Who was sent to BBB a moment ago and may not be listed there yet. A lease that has run out still tells who came last.
CREATE TABLE leases (
    meeting  TEXT NOT NULL,   -- BBB internalMeetingID
    user_id  TEXT NOT NULL,   -- BBB userID
    browser  TEXT NOT NULL,   -- id from the browser's signed cookie
    since_us BIGINT NOT NULL, -- when that browser took it; microseconds since 1970, UTC
    until_us BIGINT NOT NULL, -- first instant at which another browser may take it; microseconds since 1970, UTC
    PRIMARY KEY (meeting, user_id)
);

-- What a person was shown and chose before entry. Erased after the retention period, not with the room.
CREATE TABLE consents (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at_us        BIGINT NOT NULL, -- microseconds since 1970, UTC
    room         TEXT NOT NULL,   -- slug
    meeting      TEXT NOT NULL,   -- BBB internalMeetingID
    user_id      TEXT NOT NULL,   -- BBB userID
    given        BOOLEAN NOT NULL,
    policy       TEXT NOT NULL,   -- what the room does without consent
    text_version TEXT NOT NULL,   -- version of the notice
    language     TEXT NOT NULL    -- language of the notice
);
CREATE INDEX consents_by_time ON consents (at_us);

-- Decisions about persons, without names, secrets and join URLs. Erased after the retention period.
CREATE TABLE audit (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at_us      BIGINT NOT NULL, -- microseconds since 1970, UTC
    kind       TEXT NOT NULL,   -- entry, room, date, ...
    room       TEXT NOT NULL,   -- slug, may be empty
    order_code TEXT NOT NULL,   -- pretix order code, may be empty
    position   BIGINT NOT NULL, -- pretix position id, 0 if none
    outcome    TEXT NOT NULL,   -- admitted, or the reason of a refusal
    detail     TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (at_us);

-- What the installation makes for itself once and keeps, for example the key that signs cookies.
CREATE TABLE settings (
    name       TEXT NOT NULL PRIMARY KEY,
    value      BYTEA NOT NULL,
    created_us BIGINT NOT NULL -- microseconds since 1970, UTC
);
