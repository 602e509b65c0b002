package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix/mirror"
)

// The fair of the measurements: one position in each order, two products, lists that hold them all. Orders are as long as
// pretix' own.
const (
	fairSlug  = "fair"
	fairLists = 40 // the first is where people are let in
	fairBatch = 1000
)

// loadFair puts n tickets into the copy, as a synchronisation would, and as fast as the copy takes them.
func (g *gate) loadFair(tb testing.TB, n int) {
	tb.Helper()
	whole := func(resource, event string, rows ...json.RawMessage) {
		must(tb, g.Scan.Copy.Apply(tb.Context(), mirror.Batch{
			Key: mirror.Key{Resource: resource, Event: event}, Rows: rows, Complete: true, Done: true, At: time.Now(),
		}))
	}
	now := time.Now().UTC()
	event := fmt.Appendf(nil, `{"name":{"en":"Fair"},"slug":"fair","live":true,"has_subevents":false,"timezone":"Europe/Berlin","date_from":%q,"date_to":%q,"date_admission":null,"valid_keys":{"pretix_sig1":[]}}`,
		now.Add(-time.Hour).Format(time.RFC3339), now.Add(8*time.Hour).Format(time.RFC3339))
	whole(mirror.Events, "", event)
	whole(mirror.Event, fairSlug, event)
	whole(mirror.Settings, fairSlug, json.RawMessage(`{}`))
	whole(mirror.Items, fairSlug, json.RawMessage(`{"id":1,"name":{"en":"Day ticket"},"admission":true,"position":0,"variations":[]}`),
		json.RawMessage(`{"id":2,"name":{"en":"Evening ticket"},"admission":true,"position":1,"variations":[]}`))
	var lists []json.RawMessage
	for i := range fairLists {
		lists = append(lists, fmt.Appendf(nil, `{"id":%d,"name":"List %d","all_products":true,"limit_products":[],"subevent":null,"include_pending":false,"allow_multiple_entries":false,"allow_entry_after_exit":true,"rules":{},"exit_all_at":null,"addon_match":false,"consider_tickets_used":true}`, i+1, i+1))
	}
	whole(mirror.Lists, fairSlug, lists...)
	for first := 0; first < n; first += fairBatch {
		g.applyOrders(tb, fairOrders(first, min(first+fairBatch, n), "first"), first+fairBatch >= n)
	}
}

func (g *gate) applyOrders(tb testing.TB, rows []json.RawMessage, done bool) {
	tb.Helper()
	must(tb, g.Scan.Copy.Apply(tb.Context(), mirror.Batch{
		Key: mirror.Key{Resource: mirror.Orders, Event: fairSlug}, Rows: rows, Done: done, At: time.Now(),
	}))
}

// fairSecret is the secret of the n-th ticket, as long as pretix' own and as much like chance.
func fairSecret(n int) string {
	sum := sha256.Sum256(strconv.AppendInt(nil, int64(n), 10))
	return hex.EncodeToString(sum[:16])
}

// fairName: one of a hundred is called like many others.
func fairName(n int) string {
	given := []string{"Anna", "Berta", "Carl", "Dora", "Emil", "Frieda", "Gustav", "Hanna", "Ida", "Jonas", "Klara", "Ludwig", "Mia"}
	family := []string{"Lindqvist", "Petersen", "Oberhuber", "Kowalski", "Yılmaz", "Nakamura", "Fernández", "Dubois", "Rossi", "Schröder", "Novák"}
	if n%100 == 0 {
		return "Erika Mustermann"
	}
	return given[n%len(given)] + " " + family[n/len(given)%len(family)] + " " + fmt.Sprint(n/143)
}

// fairOrders are the orders of the tickets from first to before end. note makes them differ from how they were.
func fairOrders(first, end int, note string) []json.RawMessage {
	rows := make([]json.RawMessage, 0, end-first)
	for n := first; n < end; n++ {
		rows = append(rows, fairOrder(n, note))
	}
	return rows
}

func fairOrder(n int, note string) json.RawMessage {
	code := fmt.Sprintf("F%06X", n)
	return fmt.Appendf(nil, `{"code":%[1]q,"event":"fair","status":"p","testmode":false,"email":"guest%[2]d@mail.example","phone":null,"locale":"en","sales_channel":"web","customer":null,"datetime":"2026-10-01T10:00:00Z","expires":"2026-10-15T21:59:59Z","total":"23.00","tax_rounding_mode":"line","comment":%[3]q,"custom_followup_at":null,"checkin_attention":false,"checkin_text":null,"api_meta":{},"invoice_address":{"last_modified":"2026-10-01T10:00:00Z","is_business":false,"company":"","name":%[4]q,"name_parts":{"_scheme":"full","full_name":%[4]q},"street":"Harbor Street 12","zipcode":"12345","city":"Sampletown","country":"DE","state":"","internal_reference":"","vat_id":"","vat_id_validated":false,"custom_field":null},"positions":[{"id":%[5]d,"order":%[1]q,"positionid":1,"canceled":false,"item":%[6]d,"variation":null,"price":"23.00","attendee_name":%[4]q,"attendee_name_parts":{"_scheme":"full","full_name":%[4]q},"attendee_email":null,"company":null,"street":null,"zipcode":null,"city":null,"country":null,"state":null,"voucher":null,"discount":null,"tax_rate":"19.00","tax_value":"3.67","tax_rule":1,"tax_code":"S/standard","secret":%[7]q,"addon_to":null,"subevent":null,"checkins":[],"print_logs":[],"answers":[],"pseudonymization_id":"P%[5]d","seat":null,"valid_from":null,"valid_until":null,"blocked":null,"voucher_budget_use":null,"plugin_data":{},"pdf_data":{}}],"last_modified":"2026-10-01T10:00:00Z","require_approval":false,"valid_if_pending":false,"cancellation_date":null,"plugin_data":{}}`,
		code, n, note, fairName(n), n+1, n%2+1, fairSecret(n))
}
