package holdfast

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/sirupsen/logrus"
	"go.k6.io/k6/lib"
	"go.k6.io/k6/lib/netext"
	"go.k6.io/k6/lib/netext/httpext"
	"go.k6.io/k6/metrics"
)

func TestK6CallsExhaustedPortsADialError(t *testing.T) {
	target := "http://" + listen(t).Addr().String() + "/"
	taken := listen(t).Addr().(*net.TCPAddr).Port
	dialer := netext.NewDialer(net.Dialer{ControlContext: newPortWalk(taken, taken).bind}, nil)
	logger := logrus.New()
	logger.SetOutput(io.Discard)
	registry := metrics.NewRegistry()
	state := &lib.State{
		BuiltinMetrics: metrics.RegisterBuiltinMetrics(registry),
		Dialer:         dialer,
		Logger:         logger,
		Samples:        make(chan metrics.SampleContainer, 10),
		Tags:           lib.NewVUStateTags(registry.RootTagSet()),
		Transport:      &http.Transport{DialContext: dialer.DialContext},
	}
	url, err := httpext.NewURL(target, target)
	if err != nil {
		t.Fatal(err)
	}
	v := &vu{settings: settings{TimeoutMs: 1000}, url: url}
	request := v.request("g-0")
	request.TagsAndMeta = state.Tags.GetCurrentValues()

	used := &connection{}
	response, err := httpext.MakeRequest(used.trace(context.Background()), state, request)
	if err != nil {
		t.Fatal(err)
	}
	if response.ErrorCode != 1213 || !strings.Contains(response.Error, "cannot assign requested address") {
		t.Errorf("k6 says %d %q", response.ErrorCode, response.Error)
	}
	if used.port != 0 || used.attempts != 1 {
		t.Errorf("port %d after %d attempts", used.port, used.attempts)
	}
}
