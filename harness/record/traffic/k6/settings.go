package holdfast

import (
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// settings are the settings of a generator. They come from the environment, so that the script has none.
type settings struct {
	Target        string `js:"target"`
	Gen           string `js:"gen"`
	Conn          string `js:"conn"`
	RatePerSecond int64  `js:"ratePerSecond"`
	TimeoutMs     int64  `js:"timeoutMs"`
	DurationMs    int64  `js:"durationMs"`
}

func (s settings) timeout() time.Duration { return time.Duration(s.TimeoutMs) * time.Millisecond }

// period is the time between two requests, truncated to whole nanoseconds like in the arrival-rate executors of k6.
func (s settings) period() time.Duration { return time.Second / time.Duration(s.RatePerSecond) }

// settingsFrom reads the environment. The error names the variable that is missing or wrong.
func settingsFrom(lookup func(name string) (string, bool)) (settings, error) {
	var s settings
	text := map[string]*string{"HOLDFAST_TARGET": &s.Target, "HOLDFAST_GEN": &s.Gen, "HOLDFAST_CONN": &s.Conn}
	for name, value := range text {
		*value, _ = lookup(name)
		if *value == "" {
			return s, fmt.Errorf("%s is not set", name)
		}
	}
	numbers := map[string]*int64{
		"HOLDFAST_RATE":        &s.RatePerSecond,
		"HOLDFAST_TIMEOUT_MS":  &s.TimeoutMs,
		"HOLDFAST_DURATION_MS": &s.DurationMs,
	}
	for name, value := range numbers {
		given, _ := lookup(name)
		number, err := strconv.ParseInt(given, 10, 64)
		if err != nil || number <= 0 {
			return s, fmt.Errorf("%s must be a whole number above 0, and is %q", name, given)
		}
		*value = number
	}
	if s.Conn != "fresh" && s.Conn != "kept-alive" {
		return s, fmt.Errorf("HOLDFAST_CONN must be fresh or kept-alive, and is %q", s.Conn)
	}
	target, err := url.Parse(s.Target)
	if err != nil || target.Scheme != "http" || target.Host == "" {
		return s, fmt.Errorf("HOLDFAST_TARGET must be an http:// address, and is %q", s.Target)
	}
	return s, nil
}
