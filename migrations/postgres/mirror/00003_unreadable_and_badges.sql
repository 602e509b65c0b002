-- +goose Up

-- Orders that pretix sent and that could not be read, until they can be. What was in the copy before is still there.
CREATE TABLE unreadable (
    event  TEXT COLLATE "C" NOT NULL,    -- slug
    code   TEXT COLLATE "C" NOT NULL,    -- of the order, '': it cannot be read either
    digest BIGINT NOT NULL, -- hash of the JSON where the code is '', else 0
    detail TEXT COLLATE "C" NOT NULL,    -- what is wrong, with nothing of the order in it
    seen   BIGINT NOT NULL, -- number of the last walk over all orders that met it
    at_us  BIGINT NOT NULL, -- when it was met last; microseconds since 1970, UTC
    PRIMARY KEY (event, code, digest)
);

-- What is printed on badges, kept apart from the positions so that a scan without a badge costs nothing more.
CREATE TABLE badge_data (
    position BIGINT PRIMARY KEY,
    pdf_data BYTEA NOT NULL -- JSON object as pretix sent it
);
