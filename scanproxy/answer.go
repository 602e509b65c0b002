package scanproxy

import (
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/scanproxy/rules"
)

// QuestionType is a kind of question, by its letter at pretix.
type QuestionType string

// The kinds of questions. Any other kind takes any text.
const (
	Number   QuestionType = pretix.QuestionNumber
	Line     QuestionType = pretix.QuestionLine
	Lines    QuestionType = pretix.QuestionText
	YesNo    QuestionType = pretix.QuestionBoolean
	Choice   QuestionType = pretix.QuestionChoice
	Choices  QuestionType = pretix.QuestionMultiple
	File     QuestionType = pretix.QuestionFile
	Day      QuestionType = pretix.QuestionDate
	Clock    QuestionType = pretix.QuestionTime
	DayClock QuestionType = pretix.QuestionDatetime
	Country  QuestionType = pretix.QuestionCountry
	Phone    QuestionType = pretix.QuestionPhone
	Email    QuestionType = "EMAIL" // of forms only
)

// Limits are what an answer must stay within, each end included. Zero values: no limit.
type Limits struct {
	NumberMin, NumberMax *big.Rat
	DayMin, DayMax       string // YYYY-MM-DD
	TimeMin, TimeMax     time.Time
	LengthMin, LengthMax *int // in characters
}

// Accept judges the text that a person gave as answer, and returns it in the form in which it is stored. zone is that of
// the event, nil is UTC. An empty text answers a question that is not required. Source: check 7, table.
func (q Question) Accept(text string, zone *time.Location, now time.Time) (string, bool) {
	if zone == nil {
		zone = time.UTC
	}
	switch {
	case q.Type == YesNo:
		return q.acceptYesNo(text)
	case q.Type == File:
		return "", text == "" // a file would have to be uploaded; all that scanners can send is a path on the phone
	case text == "":
		return "", !q.Required
	}
	switch q.Type {
	case Number:
		return q.acceptNumber(text)
	case Line, Lines:
		return text, q.lengthFits(utf8.RuneCountInString(text))
	case Choice:
		return text, slices.ContainsFunc(q.Options, func(o Option) bool { return o.isNamed(text) })
	case Choices:
		return text, q.areOptions(strings.Split(text, ","))
	case Day, Clock, DayClock:
		return text, q.isMoment(text, zone, now)
	case Country:
		return text, isCountry(text)
	case Email:
		return text, utf8.RuneCountInString(text) <= maxEmail && emailPattern.MatchString(text)
	}
	return text, true
}

func (q Question) acceptYesNo(text string) (string, bool) {
	if text == "True" || text == "true" {
		return "True", true
	}
	return "False", !q.Required
}

func (q Question) lengthFits(characters int) bool {
	return (q.Limits.LengthMin == nil || characters >= *q.Limits.LengthMin) &&
		(q.Limits.LengthMax == nil || characters <= *q.Limits.LengthMax)
}

// isNamed: the text is the option's id, perhaps with zeros before it, or its identifier.
func (o Option) isNamed(text string) bool {
	return formatID(o.ID) == strings.TrimLeft(text, "0") || o.Identifier == text
}

// areOptions counts as pretix does: the texts must name as many options as they are. So none may stand there twice, and a
// text that is the number of one option and the identifier of another names two.
func (q Question) areOptions(texts []string) bool {
	named := 0
	for _, o := range q.Options {
		if slices.ContainsFunc(texts, o.isNamed) {
			named++
		}
	}
	return named == len(texts)
}

func (q Question) isMoment(text string, zone *time.Location, now time.Time) bool {
	r, ok := rules.ReadTime(text, now.UTC())
	if !ok {
		return false
	}
	switch q.Type {
	case Day:
		day := time.Date(r.Year, r.Month, r.Day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		return (q.Limits.DayMin == "" || day >= q.Limits.DayMin) && (q.Limits.DayMax == "" || day <= q.Limits.DayMax)
	case DayClock:
		at := r.At(zone, false)
		return !at.Before(q.Limits.TimeMin) && !over(q.Limits.TimeMax, at)
	}
	return true
}

// numberPattern is a decimal number as Python reads it; "_" is taken out before.
var numberPattern = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)(?i:e[+-]?\d{1,3})?$`)

// noNumber is what Python's decimals take besides numbers, notFinite how they write it.
var (
	noNumber  = regexp.MustCompile(`^[+-]?(?i:inf|infinity|s?nan\d*)$`)
	notFinite = strings.NewReplacer("infinity", "Infinity", "inf", "Infinity", "nan", "NaN")
)

// acceptNumber reads a decimal number with a point. Exponents of more than three digits are refused: written out they
// would fill the memory.
func (q Question) acceptNumber(text string) (string, bool) {
	text = strings.ReplaceAll(strings.TrimSpace(text), "_", "")
	if noNumber.MatchString(text) {
		name := notFinite.Replace(strings.TrimPrefix(strings.ToLower(text), "+"))
		above, below := name == "Infinity", name == "-Infinity" // else it is within no limits at all
		return name, (above || q.Limits.NumberMin == nil) && (below || q.Limits.NumberMax == nil)
	}
	if !numberPattern.MatchString(text) {
		return "", false
	}
	n, ok := new(big.Rat).SetString(text)
	if !ok {
		return "", false
	}
	fits := (q.Limits.NumberMin == nil || n.Cmp(q.Limits.NumberMin) >= 0) &&
		(q.Limits.NumberMax == nil || n.Cmp(q.Limits.NumberMax) <= 0)
	return writtenOut(text), fits
}

// writtenOut writes a decimal number without exponent and plus sign, keeping its digits: 1e3 is 1000, 1.50 is 1.50.
func writtenOut(text string) string {
	sign := ""
	if text[0] == '-' {
		sign = "-"
	}
	mantissa, exponent, _ := strings.Cut(strings.ToLower(strings.TrimLeft(text, "+-")), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	shift := 0
	if n, ok := new(big.Int).SetString(exponent, 10); ok {
		shift = int(n.Int64())
	}
	digits := whole + fraction
	point := len(whole) + shift
	if point > len(digits) {
		digits += strings.Repeat("0", point-len(digits))
	}
	if point < 1 {
		digits = strings.Repeat("0", 1-point) + digits
		point = 1
	}
	whole, fraction = strings.TrimLeft(digits[:point], "0"), digits[point:]
	if whole == "" {
		whole = "0"
	}
	if fraction == "" {
		return sign + whole
	}
	return sign + whole + "." + fraction
}

func isZero(number string) bool {
	n, ok := new(big.Rat).SetString(number)
	return ok && n.Sign() == 0
}

// emailPattern follows what Django's forms take for an address: a plain local part or a quoted one (without blanks), at
// least two labels, perhaps in other letters than ours, the last one of two characters or more.
var emailPattern = regexp.MustCompile(`(?i)^(?:` + emailAtom + `(?:\.` + emailAtom + `)*` +
	`|"(?:[\x01-\x08\x0b\x0c\x0e-\x1f!#-\[\]-\x7f]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*")` +
	`@(?:` + emailLetter + `(?:[a-z\x{a1}-\x{ffff}0-9-]{0,61}` + emailLetter + `)?\.)+` +
	`[a-z\x{a1}-\x{ffff}0-9-]{1,62}` + emailLetter + `$`)

const (
	maxEmail    = 320 // characters
	emailAtom   = "[A-Z0-9!#$%&'*+/=?^_`{|}~-]+"
	emailLetter = `[a-z\x{a1}-\x{ffff}0-9]`
)
