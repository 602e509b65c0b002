-- +goose Up

-- Check-ins whose rows have changed in a way that a status notices: pretix was told for the first time, the ticket's
-- position became known, the copy shows it. New rows are found by their id. Only the last ones are kept; see
-- scanproxy.Journal.
CREATE TABLE checkin_changes (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- ascending in the order of the changes, nearly
    list     BIGINT NOT NULL,                                 -- pretix CheckinList id
    position BIGINT NOT NULL                                  -- pretix OrderPosition id
);

-- A trigger, so that whatever changes a check-in is noted.
-- +goose StatementBegin
CREATE FUNCTION note_checkin_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO checkin_changes (list, position) VALUES (new.list, new.position);
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER checkins_changed AFTER UPDATE OF attempts, position, settled_generation ON checkins FOR EACH ROW
WHEN (new.position <> 0 AND (old.position <> new.position OR (old.attempts = 0) <> (new.attempts = 0)
    OR (old.settled_generation = 0) <> (new.settled_generation = 0)))
EXECUTE FUNCTION note_checkin_change();
