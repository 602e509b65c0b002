// Package web shows people what the cores decide: it reads requests, hands them to app/room, and turns each Admission
// into one page of package templates or a redirect into BBB.
//
// Start reading at Server.routes, which lists every address, then show.go, the only place where an Admission becomes a
// page, and seal.go, how cookies are signed. One handler per file, named after what it does.
//
// The package decides nothing about admission and keeps nothing: rules live in app/room, data in app/store.
package web
