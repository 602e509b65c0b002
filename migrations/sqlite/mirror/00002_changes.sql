-- +goose Up

-- Which tickets were written or removed, by change, so that a status need not count all of them anew. Only the last
-- changes are kept; see scanproxy.Finder.
CREATE TABLE changes (
    id        INTEGER PRIMARY KEY, -- ascending without gaps
    positions TEXT NOT NULL        -- JSON list of their ids
) STRICT;
