package pretixsim

import "encoding/json"

// rule reads a rule as it stands in a list.
func rule(text string) map[string]any {
	var r map[string]any
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return nil
	}
	return r
}
