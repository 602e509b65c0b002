package scanproxy

import (
	"math/big"
	"testing"
	"time"
)

func TestAccept(t *testing.T) {
	two, nine, three := big.NewRat(2, 1), big.NewRat(9, 1), 3
	limited := Limits{NumberMin: two, NumberMax: nine}
	options := []Option{{ID: 831, Identifier: "RED"}, {ID: 832, Identifier: "GRE"}}
	confusing := []Option{{ID: 831, Identifier: "RED"}, {ID: 832, Identifier: "831"}, {ID: 833, Identifier: "BLU"}}
	tests := []struct {
		q    Question
		text string
		want string // "-": refused
	}{
		{Question{Type: Number}, "1e3", "1000"}, {Question{Type: Number}, " 3 ", "3"}, {Question{Type: Number}, "+6", "6"},
		{Question{Type: Number}, "1_000", "1000"}, {Question{Type: Number}, "1.50", "1.50"}, {Question{Type: Number}, "-.5e-1", "-0.05"},
		{Question{Type: Number}, "007", "7"}, {Question{Type: Number}, "1,5", "-"}, {Question{Type: Number}, "0x10", "-"},
		{Question{Type: Number}, "1 000", "-"}, {Question{Type: Number}, "1e9999", "-"}, {Question{Type: Number}, "-Inf", "-Infinity"},
		{Question{Type: Number, Limits: limited}, "9", "9"}, {Question{Type: Number, Limits: limited}, "9.0001", "-"},
		{Question{Type: Number, Limits: limited}, "1.9", "-"}, {Question{Type: Number, Limits: limited}, "nan", "-"},
		{Question{Type: Number, Limits: Limits{NumberMin: two}}, "inf", "Infinity"}, {Question{Type: Number, Limits: Limits{NumberMax: nine}}, "inf", "-"},
		{Question{Type: Number, Limits: Limits{NumberMax: nine}}, "-inf", "-Infinity"}, {Question{Type: Number, Limits: Limits{NumberMax: nine}}, "nan", "-"},
		{Question{Type: Line, Limits: Limits{LengthMin: &three, LengthMax: &three}}, "äöü", "äöü"},
		{Question{Type: Line, Limits: Limits{LengthMin: &three}}, "ab", "-"}, {Question{Type: Lines, Limits: Limits{LengthMax: &three}}, "abcd", "-"},
		{Question{Type: YesNo}, "yes", "False"}, {Question{Type: YesNo, Required: true}, "yes", "-"}, {Question{Type: YesNo, Required: true}, "true", "True"},
		{Question{Type: Choice, Options: options}, "RED", "RED"}, {Question{Type: Choice, Options: options}, "831", "831"},
		{Question{Type: Choice, Options: options}, "0831", "0831"}, {Question{Type: Choices, Options: options}, "0831,831", "-"},
		{Question{Type: Choice, Options: options}, "red", "-"}, {Question{Type: Choice, Options: options}, "831,832", "-"},
		{Question{Type: Choices, Options: options}, "831,GRE", "831,GRE"}, {Question{Type: Choices, Options: options}, "831,RED", "-"},
		{Question{Type: Choices, Options: options}, "831, 832", "-"}, {Question{Type: Choices, Options: options}, "831,", "-"},
		{Question{Type: Choice, Options: confusing}, "831", "831"}, {Question{Type: Choices, Options: confusing}, "831", "-"},
		{Question{Type: Choices, Options: confusing}, "831,RED", "831,RED"}, {Question{Type: Choices, Options: confusing}, "832", "832"},
		{Question{Type: Choices, Options: confusing}, "831,BLU", "-"}, {Question{Type: Choices, Options: confusing}, "BLU,0832", "BLU,0832"},
		{Question{Type: Choices, Required: true, Options: options}, "", "-"}, {Question{Type: Choices, Options: options}, "", ""},
		{Question{Type: File, Required: true}, "", ""}, {Question{Type: File}, "file:///photo.png", "-"},
		{Question{Type: Country}, "de", "de"}, {Question{Type: Country}, "DEU", "DEU"}, {Question{Type: Country}, "276", "276"},
		{Question{Type: Country}, "4", "4"}, {Question{Type: Country}, "1276", "-"}, {Question{Type: Country}, "XX", "-"}, {Question{Type: Country}, "D", "-"},
		{Question{Type: Country}, "xk", "xk"}, {Question{Type: Country}, "XKX", "-"},
		{Question{Type: Phone}, "abc", "abc"}, {Question{Type: "NEW"}, "anything", "anything"},
		{Question{Type: Day, Limits: Limits{DayMin: "2030-01-01", DayMax: "2030-01-31"}}, "2030-01-31T23:59", "2030-01-31T23:59"},
		{Question{Type: Day, Limits: Limits{DayMin: "2030-01-01"}}, "31.12.2029", "-"},
		{Question{Type: Clock}, "7pm", "7pm"}, {Question{Type: Clock}, "25:30", "-"},
		{Question{Type: DayClock, Limits: Limits{TimeMin: noon}}, "2030-06-01 21:00", "2030-06-01 21:00"}, // Seoul: exactly noon UTC
		{Question{Type: DayClock, Limits: Limits{TimeMin: noon}}, "2030-06-01 20:59", "-"},
		{Question{Type: DayClock, Limits: Limits{TimeMax: noon}}, "2030-06-01T12:00:01Z", "-"},
		{Question{Type: Email}, "a.b@example.org", "a.b@example.org"}, {Question{Type: Email}, "a@localhost", "-"}, {Question{Type: Email}, "a@[127.0.0.1]", "-"},
		{Question{Type: Email}, `"odd"@example.org`, `"odd"@example.org`}, {Question{Type: Email}, `"odd one"@example.org`, "-"},
		{Question{Type: Email}, "a@exämple.org", "a@exämple.org"}, {Question{Type: Email}, "ä@example.org", "-"},
		{Question{Type: Email}, "a+b@Example.CO.UK", "a+b@Example.CO.UK"}, {Question{Type: Email}, "a@example.c", "-"},
		{Question{Type: Email}, "a.@example.org", "-"}, {Question{Type: Email}, "a@exa_mple.org", "-"}, {Question{Type: Email}, "a@example..org", "-"},
		{Question{Type: Email}, "a@example.org ", "-"}, {Question{Type: Email}, "a@example.42", "a@example.42"}, {Question{Type: Email}, "a@b@example.org", "-"},
	}
	seoul, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		got, ok := tt.q.Accept(tt.text, seoul, noon)
		if !ok {
			got = "-"
		}
		if got != tt.want {
			t.Errorf("%s %q: got %q, want %q", tt.q.Type, tt.text, got, tt.want)
		}
	}
}

// Valid answers outlive a refused scan; what Python takes for nothing is kept only in place of an earlier answer.
func TestAnswersAreKept(t *testing.T) {
	tests := []struct {
		name   string
		typ    QuestionType
		given  string
		stored []Answer
		want   string // "-": nothing is kept
	}{
		{"a new answer", Line, "blue", nil, "blue"},
		{"an invalid one", Number, "many", nil, "-"},
		{"an empty one", Line, "", nil, "-"},
		{"an empty one over an old one", Line, "", []Answer{{5, "blue"}}, "None"},
		{"a No", YesNo, "no", nil, "-"},
		{"a No over a Yes", YesNo, "no", []Answer{{5, "True"}}, "False"},
		{"zero", Number, "0.0", nil, "-"},
		{"zero over a number", Number, "0", []Answer{{5, "3"}}, "0"},
		{"the text zero", Line, "0", nil, "0"},
	}
	for _, tt := range tests {
		s := newStory()
		s.ask(Question{ID: 5, Type: tt.typ})
		s.anna.Item, s.list.AllProducts = 10, false
		s.list.Products = nil // refused as PRODUCT, which comes after the answers
		s.scan.Answers = map[int64]string{5: tt.given}
		s.anna.Answers = tt.stored
		v := s.decide(t)
		got := "-"
		if len(v.Keep) > 0 {
			got = v.Keep[0].Text
		}
		if v.Type != Product || got != tt.want {
			t.Errorf("%s: got %s, kept %q, want %q", tt.name, v.Type, got, tt.want)
		}
	}
}

func TestAnswersAreNotKeptBeforeTheTicketCounts(t *testing.T) {
	s := newStory()
	s.ask(Question{ID: 5, Type: Line})
	s.scan.Answers = map[int64]string{5: "blue"}
	s.anna.Blocked = true
	if v := s.decide(t); v.Type != Blocked || v.Keep != nil {
		t.Errorf("got %s, kept %v", v.Type, v.Keep)
	}
}

// What we have kept is newer than what pretix sent with the order.
func TestKeptAnswersComeFirst(t *testing.T) {
	s := newStory()
	s.ask(Question{ID: 5, Type: Line, Show: true})
	s.anna.Answers, s.history.Answers = []Answer{{5, "blue"}}, []Answer{{5, "red"}, {5, "green"}}
	v := s.decide(t)
	if v.Type != Valid || len(v.ShownAnswers) != 1 || v.ShownAnswers[0].Value != "red" || v.Admit.Answers[0].Text != "red" {
		t.Errorf("got %s, shown %+v", v.Type, v.ShownAnswers)
	}
}

// A question that is only shown takes part in nothing else.
func TestShownQuestionsAreNotKept(t *testing.T) {
	s := newStory()
	s.Events["fair"].Questions = []Question{{ID: 5, Type: Line, Show: true, Items: []int64{10}}}
	s.scan.Answers = map[int64]string{5: "blue"}
	v := s.decide(t)
	if v.Type != Valid || len(v.ShownAnswers) != 1 || len(v.Admit.Answers) != 0 || v.Keep != nil {
		t.Errorf("got %s, shown %v, sent %v, kept %v", v.Type, v.ShownAnswers, v.Admit.Answers, v.Keep)
	}
}
