package room

import (
	"slices"
	"strings"

	"github.com/einlass/einlass/bbb"
	"github.com/einlass/einlass/pretix"
)

// Questions names the pretix questions that the bridge reads, by identifier, and the answers that mean consent.
type Questions struct {
	Callsign   string
	Consent    string
	ConsentYes []string // option identifiers or answer texts, case does not matter
}

// callsign returns the answer to the callsign question, "" if there is none.
func (q Questions) callsign(p pretix.Position) string {
	a, _ := p.Answer(q.Callsign)
	return strings.ToUpper(bbb.CleanName(a.Text))
}

// consents reports whether the holder said yes to being recorded. No answer is no. pretix stores a yes/no answer as
// "True" or "False", and of a choice both the text in the language it was given in and the option's identifier.
func (q Questions) consents(p pretix.Position) bool {
	a, ok := p.Answer(q.Consent)
	if !ok {
		return false
	}
	said := a.OptionIdentifiers
	if len(said) == 0 {
		said = []string{a.Text}
	}
	return len(said) == 1 && slices.ContainsFunc(q.ConsentYes, func(yes string) bool {
		return strings.EqualFold(strings.TrimSpace(said[0]), yes)
	})
}

// FullName is what the others in the room read: "Name (CALLSIGN)".
func FullName(name, callsign string) string {
	name, callsign = bbb.CleanName(name), strings.ToUpper(bbb.CleanName(callsign))
	if callsign == "" || strings.EqualFold(name, callsign) {
		return name
	}
	return bbb.CleanName(name + " (" + callsign + ")")
}

// joinFor returns what is signed for BBB, apart from the meeting's own data. BBB shows a viewer without explicit
// guest=false to the lobby, hence Guest is always sent. Without consent the webcam stays out of the recording; while
// the meeting can be recorded, the room's policy may also take camera and microphone away.
func joinFor(m bbb.Meeting, name, userID string, consent bool, policy RecordingPolicy) bbb.Join {
	j := bbb.Join{MeetingID: m.MeetingID, FullName: name, UserID: userID, CreateTime: m.CreateTime, Role: bbb.Viewer, Guest: false}
	if consent {
		return j
	}
	j.UserData = append(j.UserData, bbb.Param{Name: "bbb_record_video", Value: "false"})
	if policy == ListenOnly && m.Recording {
		j.UserData = append(j.UserData,
			bbb.Param{Name: "bbb_enable_video", Value: "false"},
			bbb.Param{Name: "bbb_force_listen_only", Value: "true"})
	}
	return j
}
