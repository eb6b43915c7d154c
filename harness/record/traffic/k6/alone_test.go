package holdfast

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"go.k6.io/k6/lib"
	"go.k6.io/k6/lib/netext"
	"go.k6.io/k6/lib/netext/httpext"
	"go.k6.io/k6/metrics"
)

// lone is a virtual user with the state of k6, without a running k6.
type lone struct {
	*vu
	state   *lib.State
	samples chan metrics.SampleContainer
}

func alone(t *testing.T, target string, dialer *netext.Dialer) lone {
	t.Helper()
	logger := logrus.New()
	logger.SetOutput(io.Discard)
	registry := metrics.NewRegistry()
	samples := make(chan metrics.SampleContainer, 100)
	state := &lib.State{
		BuiltinMetrics: metrics.RegisterBuiltinMetrics(registry),
		Dialer:         dialer,
		Logger:         logger,
		Samples:        samples,
		Tags:           lib.NewVUStateTags(registry.RootTagSet()),
		Transport:      &http.Transport{DialContext: observed(dialer.DialContext)},
	}
	url, err := httpext.NewURL(target, target)
	if err != nil {
		t.Fatal(err)
	}
	user := &vu{traffic: newTraffic(), settings: settings{Gen: "g", TimeoutMs: 1000}, url: url}
	return lone{user, state, samples}
}

// send posts one request like a virtual user, and returns its rows.
func (l lone) send(ctx context.Context, t *testing.T, seq uint64) []*row {
	t.Helper()
	if !l.traffic.begin() {
		t.Fatal("the generator was stopped")
	}
	if err := l.post(ctx, l.state, &row{seq: seq, start: time.Now().UnixMicro()}); err != nil {
		t.Fatal(err)
	}
	var rows []*row
	for len(l.samples) > 0 {
		if own, ok := (<-l.samples).(*row); ok {
			rows = append(rows, own)
		}
	}
	return rows
}
