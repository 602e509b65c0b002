// Package store keeps what einlass must not lose, on embedded SQLite (the default) or on PostgreSQL.
//
// It owns every SQL statement, the connections, the migrations at start, and the promise that what is acknowledged is
// on disk. It fulfils room.Store and room.Registry, and with Journal scanproxy.Journal and scanproxy.Queue; it decides
// nothing about rooms, people or tickets. The shape of the tables stands in package migrations.
//
// One text per query serves both engines: placeholders $n whose first appearances ascend (SQLite numbers them by first
// appearance), instants as BIGINT microseconds. What truly differs stands in dialect.go.
//
// Start reading at Open, then transaction.go: every change goes through Store.write, every row through one or all. What scanners
// wait for is in journal.go.
package store
