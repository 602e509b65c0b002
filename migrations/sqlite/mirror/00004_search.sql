-- +goose Up

-- All that a search looks at while it goes through the tickets in the order of names.
DROP INDEX positions_by_name;
CREATE INDEX positions_by_name ON positions (nameless, attendee_name, positionid, id, event, item, subevent, searched);
