package scanproxy_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/recorded"
)

// step is one scan, and what pretix said and wrote.
type step struct {
	N      int             `json:"n"`
	When   recorded.Action `json:"when"`
	Server struct {
		RequireAttention bool     `json:"require_attention"`
		CheckinTexts     []string `json:"checkin_texts"`
		Explanation      *string  `json:"reason_explanation"`
		Position         *struct {
			ID         int64  `json:"id"`
			PositionID int64  `json:"positionid"`
			Order      string `json:"order"`
			Secret     string `json:"secret"`
			Downloaded bool   `json:"downloaded"`
		} `json:"position"`
		Questions []int64 `json:"questions"`
	} `json:"server"`
	Expect   string `json:"expect_offline_type"`
	Knowable bool   `json:"offline_knowable"`
	Effects  struct {
		Checkins []struct {
			Position, List int64
			Type           string
			Datetime       time.Time
		} `json:"checkins"`
		Failed []struct {
			Position *int64
			List     int64
			Reason   string
		} `json:"failed"`
		Answers *struct {
			Position int64
			Now      map[string]string
		} `json:"answers"`
	} `json:"effects"`
}

// TestTruth replays recorded verdicts. EINLASS_TRUTH names further recordings (a path list, see recorded.Files).
func TestTruth(t *testing.T) {
	for _, file := range recorded.Files(t, filepath.Join("testdata", "truth"), "EINLASS_TRUTH", "*.jsonl", "*.jsonl.gz") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			var agreed, asked, all int
			for _, s := range recorded.Scenarios(t, file) {
				a, q, n := replay(t, s)
				agreed, asked, all = agreed+a, asked+q, all+n
			}
			t.Logf("%d of %d steps agree (%d recorded, %d of them not knowable offline)", agreed, asked, all, all-asked)
			if asked == 0 {
				t.Error("no step was compared")
			}
		})
	}
}

func stepsOf(t *testing.T, s recorded.Scenario) (steps []step) {
	t.Helper()
	recorded.Decode(t, s.Steps, &steps)
	for _, st := range steps {
		if st.When.Now == nil {
			t.Fatalf("%s step %d: no time", s.ID, st.N)
		}
	}
	return steps
}

// replay runs the scans of one scenario against one door, state carried along. Where our verdict differs from pretix', or
// pretix knew more, the recorded effects take the place of ours.
func replay(t *testing.T, s recorded.Scenario) (agreed, asked, all int) {
	t.Helper()
	d := openDoor(t, s.Base)
	for _, st := range stepsOf(t, s) {
		own, kept := d.state()
		v := d.scan(t, st.When.Scan(), *st.When.Now)
		all++
		same := string(v.Type) == st.Expect
		if st.Knowable {
			asked++
			if same {
				agreed++
				differ := func(what string, got, want any) {
					t.Errorf("%s step %d (%s, %s): %s: got %v, pretix has %v", s.ID, st.N, v.Type, v.Rule, what, got, want)
				}
				st.compareDetails(v, differ)
				st.compareEffects(v, differ)
				d.compareAnswers(st, differ)
			} else {
				t.Errorf("%s step %d: got %s (%s), pretix says %s", s.ID, st.N, v.Type, v.Rule, st.Expect)
			}
		}
		if !same || !st.Knowable {
			d.own, d.kept = own, kept
			d.putEffects(st)
		}
	}
	return agreed, asked, all
}

// compareDetails looks beyond the type: the chosen position, attention, texts and the open questions.
func (st step) compareDetails(v scanproxy.Verdict, differ func(string, any, any)) {
	pos := st.Server.Position
	if pos == nil || !pos.Downloaded {
		return
	}
	// Of several possible tickets, all refused, pretix may name any.
	if v.OrderCode != "" && v.Type != scanproxy.Ambiguous && v.OrderCode != pos.Order || v.PositionID != 0 && v.PositionID != pos.PositionID {
		differ("position", []any{v.OrderCode, v.PositionID}, []any{pos.Order, pos.PositionID})
	}
	if v.CheckinTexts != nil {
		if v.RequireAttention != st.Server.RequireAttention {
			differ("attention", v.RequireAttention, st.Server.RequireAttention)
		}
		var want []string
		for _, text := range st.Server.CheckinTexts {
			if text = strings.TrimSpace(text); text != "" {
				want = append(want, text)
			}
		}
		if !slices.Equal(v.CheckinTexts, want) {
			differ("texts", v.CheckinTexts, want)
		}
	}
	st.compareQuestions(v, differ)
}

// compareEffects: what we write is what pretix wrote, about the same ticket on the same list.
func (st step) compareEffects(v scanproxy.Verdict, differ func(string, any, any)) {
	switch written := st.Effects.Checkins; {
	case (v.Admit != nil) != (len(written) == 1):
		differ("check-in written", v.Admit != nil, written)
	case v.Admit != nil:
		got, want := *v.Admit, written[0]
		if got.List != want.List || got.Position != 0 && got.Position != want.Position || strings.ToLower(string(got.Type)) != want.Type || !got.At.Equal(want.Datetime) {
			differ("check-in", []any{got.List, got.Position, got.Type, got.At}, want)
		}
	}
	if len(st.Effects.Failed) == 0 || v.Type == scanproxy.ExchangeRequiredOffline {
		return
	}
	switch got, want := v.Report, st.Effects.Failed[0]; {
	case got == nil || string(got.Reason) != want.Reason || got.List != want.List:
		differ("report", got, want)
	case got.Position != 0 && v.Type != scanproxy.Ambiguous && (want.Position == nil || *want.Position != got.Position):
		differ("position of the report", got.Position, want)
	}
}

// compareAnswers: the same questions of the ticket have an answer now.
func (d *door) compareAnswers(st step, differ func(string, any, any)) {
	stored := st.Effects.Answers
	if stored == nil || !d.knows(stored.Position) {
		return
	}
	known := map[string]bool{}
	for _, a := range slices.Concat(d.ticket(stored.Position).Answers, d.kept[fmt.Sprint(stored.Position)]) {
		known[fmt.Sprint(a.Question)] = true
	}
	got, want := slices.Sorted(maps.Keys(known)), slices.Sorted(maps.Keys(stored.Now))
	if !slices.Equal(got, want) {
		differ("questions with an answer", got, want)
	}
}

// compareQuestions: pretix lists the open questions only, we list all that are asked.
func (st step) compareQuestions(v scanproxy.Verdict, differ func(string, any, any)) {
	var all []int64
	for _, q := range v.RequiredAnswers {
		all = append(all, q.Question.ID)
	}
	for _, q := range st.Server.Questions {
		if !slices.Contains(all, q) {
			differ("open questions", all, st.Server.Questions)
		}
	}
}

// putEffects writes what pretix wrote in this step.
func (d *door) putEffects(st step) {
	subject := func(position, list int64) scanproxy.Subject {
		if d.knows(position) {
			return scanproxy.Subject{List: list, Position: position}
		}
		// Our history of it is under its code; a server that failed does not name the ticket.
		s := scanproxy.Subject{List: list, Secret: st.When.Scan().Clean()}
		if p := st.Server.Position; p != nil && p.ID == position {
			s.Secret = scanproxy.Code(p.Secret)
		}
		return s
	}
	for _, c := range st.Effects.Checkins {
		own := scanproxy.OwnCheckin{Type: scanproxy.ScanType(strings.ToUpper(c.Type)), At: c.Datetime}
		if st.When.Nonce != nil {
			own.Nonce = *st.When.Nonce
		}
		d.admit(subject(c.Position, c.List), own)
	}
	if a := st.Effects.Answers; a != nil {
		var answers []scanproxy.Answer
		for q, text := range a.Now {
			answers = append(answers, scanproxy.Answer{Question: number(json.Number(q)), Text: text})
		}
		d.keep(subject(a.Position, 0), answers)
	}
}

func (d *door) knows(position int64) bool { return d.ticket(position).ID != 0 }

// ticket returns the downloaded ticket of that position, an empty one if it was not downloaded.
func (d *door) ticket(position int64) scanproxy.Ticket {
	i := slices.IndexFunc(d.snapshot.Tickets, func(t scanproxy.Ticket) bool { return t.ID == position })
	if i < 0 {
		return scanproxy.Ticket{}
	}
	return d.snapshot.Tickets[i]
}
