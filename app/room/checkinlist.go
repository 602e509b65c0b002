package room

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/einlass/einlass/pretix"
)

// ErrNoList says that no check-in list of the event can take the ticket: an operator has to set checkin_list.
var ErrNoList = errors.New("no check-in list")

// PickList returns the check-in list that the bridge checks tickets of item on the date subevent in to. want is the
// operator's choice, an id or a name. Without it, it is the one list that covers the item and does not belong to
// another date. Errors wrap ErrNoList and say in a sentence for the operator which lists are in question.
func PickList(lists []pretix.CheckinList, item, subevent int64, want string) (pretix.CheckinList, error) {
	fits := func(l pretix.CheckinList) bool {
		return (l.AllProducts || slices.Contains(l.LimitProducts, item)) && (l.SubEvent == nil || *l.SubEvent == subevent)
	}
	if want != "" {
		fits = func(l pretix.CheckinList) bool { return l.Name == want || strconv.FormatInt(l.ID, 10) == want }
	}
	var found []pretix.CheckinList
	for _, l := range lists {
		if fits(l) {
			found = append(found, l)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return pretix.CheckinList{}, fmt.Errorf("%w: %s are all possible; set checkin_list to one of these ids", ErrNoList, listNames(found))
	case want != "":
		return pretix.CheckinList{}, fmt.Errorf("%w: checkin_list is %q, but the event has %s", ErrNoList, want, listNames(lists))
	}
	return pretix.CheckinList{}, fmt.Errorf("%w: none covers product %d for the whole series; the event has %s", ErrNoList, item, listNames(lists))
}

func listNames(lists []pretix.CheckinList) string {
	if len(lists) == 0 {
		return "no list"
	}
	names := make([]string, len(lists))
	for i, l := range lists {
		names[i] = fmt.Sprintf("%d (%s)", l.ID, l.Name)
	}
	return strings.Join(names, ", ")
}

// ListWarnings says, a sentence each, what about a list breaks "any number of entries on one day, none on another".
// Source: the nonce table of pretix' redeem, where the nonce is looked at last.
func ListWarnings(l pretix.CheckinList) []string {
	var warnings []string
	if l.AllowMultipleEntries {
		warnings = append(warnings, "allows multiple entries: a ticket used on another day would get in again")
	}
	if rules := bytes.TrimSpace(l.Rules); bytes.Contains(rules, []byte(`"entries_`)) || bytes.Contains(rules, []byte(`minutes_since_`)) {
		warnings = append(warnings, "has a rule that counts entries: somebody who lost the connection would not get in again on the same day")
	}
	if l.ExitAllAt != nil {
		warnings = append(warnings, "checks everybody out at a set time: after that a used ticket would get in on another day")
	}
	return warnings
}
