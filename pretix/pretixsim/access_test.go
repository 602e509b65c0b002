package pretixsim

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAccess compares who may do what with the recorded matrix: a status per role and request.
func TestAccess(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "access-matrix.json"))
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct {
		Exchanges []struct {
			Table []struct {
				Method, Path string
				Body         json.RawMessage
				Status       map[string]int
			}
		}
	}
	if err := json.Unmarshal(text, &recorded); err != nil {
		t.Fatal(err)
	}
	s := newClock(t, "05:58").world()
	agreed, skipped := 0, 0
	for _, row := range recorded.Exchanges[0].Table {
		for role, want := range row.Status {
			got := s.as(role, row.Method, row.Path, string(row.Body))
			switch got.Code {
			case want:
				agreed++
			case http.StatusInternalServerError:
				skipped++
			default:
				t.Errorf("%s %s as %s: recorded %d, simulated %d", row.Method, row.Path, role, want, got.Code)
			}
		}
	}
	for _, p := range s.Problems() {
		if strings.Contains(p, "not simulated") {
			skipped--
		}
	}
	if skipped != 0 {
		t.Errorf("%d answers of HTTP 500 have no entry in Problems", skipped)
	}
	t.Logf("%d of the matrix' statuses agree", agreed)
	if agreed < 300 {
		t.Errorf("only %d statuses were compared", agreed)
	}
}
