-- +goose Up

-- What pretix refuses for good, and double admissions, stay until an operator has dealt with them.
ALTER TABLE checkins ADD COLUMN seen_us INTEGER NOT NULL DEFAULT 0;   -- when somebody said so, 0: not yet; microseconds since 1970, UTC
ALTER TABLE refusals ADD COLUMN seen_us INTEGER NOT NULL DEFAULT 0;   -- as above
ALTER TABLE print_logs ADD COLUMN seen_us INTEGER NOT NULL DEFAULT 0; -- as above
