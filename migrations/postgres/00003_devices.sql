-- +goose Up

-- Scanners that may ask the scan proxy. A row stays when the device is revoked: the journal speaks of it by number.
CREATE TABLE devices (
    id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name      TEXT NOT NULL,   -- as the crew calls it
    serial    TEXT NOT NULL UNIQUE,
    gate      BIGINT NOT NULL, -- pretix Gate id, 0: none
    gate_name TEXT NOT NULL,
    events    TEXT NOT NULL,   -- JSON list of the slugs that it may ask about, empty: all

    init_hash       BYTEA NOT NULL UNIQUE, -- SHA-256 of the initialization token, kept after its use
    init_expires_us BIGINT NOT NULL,       -- first instant at which it is not accepted; microseconds since 1970, UTC
    token_hash      BYTEA UNIQUE,          -- SHA-256 of the API token, NULL before initialization

    hardware_brand   TEXT NOT NULL, -- what the app says about itself, empty before initialization
    hardware_model   TEXT NOT NULL,
    os_name          TEXT NOT NULL,
    os_version       TEXT NOT NULL,
    software_brand   TEXT NOT NULL,
    software_version TEXT NOT NULL,

    added_us       BIGINT NOT NULL, -- microseconds since 1970, UTC
    initialized_us BIGINT NOT NULL, -- 0: not yet; microseconds since 1970, UTC
    seen_us        BIGINT NOT NULL, -- 0: never; microseconds since 1970, UTC
    revoked_us     BIGINT NOT NULL  -- 0: not revoked; microseconds since 1970, UTC
);
