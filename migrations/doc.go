// Package migrations holds the numbered SQL of the database, once per engine, embedded into the program.
//
// It owns the shape of the tables and the units of their columns; app/store owns every query and applies what stands
// here. Both folders hold the same numbers and lead to the same tables and columns; only the spelling of types differs.
// A file that was released is never changed again: what comes later gets the next number. There is no way down;
// the way back is a backup.
//
// Conventions: an instant is a count of microseconds since 1970 in UTC, in a column with the suffix _us. Text is UTF-8.
// Start reading at sqlite/00001_bridge.sql.
package migrations
