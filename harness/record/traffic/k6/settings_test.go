package holdfast

import (
	"strings"
	"testing"
)

func environment(changes map[string]string) func(string) (string, bool) {
	values := map[string]string{
		"HOLDFAST_TARGET": "http://10.96.0.10/", "HOLDFAST_GEN": "fresh", "HOLDFAST_CONN": "fresh",
		"HOLDFAST_RATE": "60", "HOLDFAST_TIMEOUT_MS": "2000", "HOLDFAST_DURATION_MS": "1000",
	}
	for name, value := range changes {
		values[name] = value
	}
	return func(name string) (string, bool) {
		value, ok := values[name]
		return value, ok
	}
}

func TestSettings(t *testing.T) {
	s, err := settingsFrom(environment(nil))
	if err != nil {
		t.Fatal(err)
	}
	if s.period().Nanoseconds() != 16_666_666 {
		t.Errorf("60 a second are %v apart", s.period())
	}
	if s.timeout().Seconds() != 2 {
		t.Errorf("time-out is %v", s.timeout())
	}
}

func TestSettingsNameTheWrongVariable(t *testing.T) {
	for name, value := range map[string]string{
		"HOLDFAST_TARGET": "10.96.0.10", "HOLDFAST_GEN": "", "HOLDFAST_CONN": "reused",
		"HOLDFAST_RATE": "0", "HOLDFAST_TIMEOUT_MS": "2s", "HOLDFAST_DURATION_MS": "-1",
	} {
		_, err := settingsFrom(environment(map[string]string{name: value}))
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%q: error is %v", name, value, err)
		}
	}
}
