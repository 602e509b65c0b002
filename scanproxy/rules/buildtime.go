package rules

import "time"

// buildTime(kind, value) makes a time. Kinds: custom (a date-time text, perhaps without zone), customtime (that time of
// day today, on the event's clocks), date_from, date_to, date_admission (of the ticket's date, else of the event).
// Any other kind is null.
func (c Checkin) buildTime(args []any) (any, error) {
	if len(args) > 2 {
		return nil, ErrArguments
	}
	var given [2]any // kind and value, null when left out
	copy(given[:], args)
	kind, value := given[0], given[1]
	switch kind {
	case "custom":
		return c.custom(value)
	case "customtime":
		return c.customTime(value)
	case "date_from":
		return instant(c.DateFrom), nil
	case "date_to":
		return instant(firstSet(c.DateTo, c.DateFrom)), nil
	case "date_admission":
		return instant(firstSet(c.DateAdmission, c.DateFrom)), nil
	}
	return nil, nil
}

func (c Checkin) custom(value any) (any, error) {
	r, err := c.read(value)
	if err != nil {
		return nil, err
	}
	if !r.HasZone {
		return Wall{r}, nil
	}
	return r.At(time.UTC, false).In(time.FixedZone("", r.Offset)), nil // as it was written, for comparisons as text
}

// customTime sets the event's clock to the time of day that was written, today. While the clocks show an hour for the
// second time, times of that hour mean the second one.
func (c Checkin) customTime(value any) (any, error) {
	r, err := c.read(value)
	if err != nil {
		return nil, err
	}
	local := c.Now.In(c.zone())
	shown, second := readingOf(local), isSecond(local)
	shown.Hour, shown.Minute, shown.Second, shown.Micros = r.Hour, r.Minute, r.Second, r.Micros
	return Clock{shown, c.zone(), second}, nil
}

// isSecond: the clocks show this time of day for the second time.
func isSecond(local time.Time) bool {
	return !readingOf(local).At(local.Location(), false).Equal(local.Truncate(time.Microsecond))
}

func (c Checkin) read(value any) (Reading, error) {
	s, isText := value.(string)
	if !isText {
		return Reading{}, ErrKind
	}
	r, ok := ReadTime(s, c.Now.UTC())
	if !ok {
		return Reading{}, ErrKind
	}
	return r, nil
}

func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}

func firstSet(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}
