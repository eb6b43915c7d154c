package holdfast

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"go.k6.io/k6/js/common"
	"go.k6.io/k6/js/modules"
	"go.k6.io/k6/lib"
	"go.k6.io/k6/lib/netext"
	"go.k6.io/k6/lib/netext/httpext"
	"gopkg.in/guregu/null.v3"
)

type module struct{ traffic *traffic }

// vu is the module in one virtual user, which has its own connections.
type vu struct {
	modules.VU
	traffic  *traffic
	settings settings
	url      httpext.URL
	dialing  bool
}

func (m *module) NewModuleInstance(k6 modules.VU) modules.Instance {
	given, err := settingsFrom(k6.InitEnv().LookupEnv)
	if err != nil {
		common.Throw(k6.Runtime(), err)
	}
	url, err := httpext.NewURL(given.Target, given.Target)
	if err != nil {
		common.Throw(k6.Runtime(), err)
	}
	return &vu{VU: k6, traffic: m.traffic, settings: given, url: url}
}

func (v *vu) Exports() modules.Exports {
	return modules.Exports{Named: map[string]any{"settings": v.settings, "send": v.send}}
}

// send posts one request and records it. The iteration of the scenario is its number and determines when it is due. The
// answer, the time-out and the error are recorded as the http module of k6 would report them.
func (v *vu) send() error {
	state := v.State()
	scenario := lib.GetScenarioState(v.Context())
	if state == nil || scenario == nil {
		return errors.New("send() belongs into the function that a scenario runs")
	}
	if v.traffic.endTest == nil {
		return errors.New("nothing records the requests: run k6 with --out holdfast=<file>")
	}
	if err := v.walkPorts(state); err != nil {
		return err
	}
	v.traffic.stopOnSignal()
	if !v.traffic.begin() {
		return nil
	}

	seq := state.GetScenarioGlobalVUIter()
	return v.post(v.Context(), state, &row{
		seq:   seq,
		due:   scenario.StartTime.Add(time.Duration(seq) * v.settings.period()).UnixMicro(), //nolint:gosec
		start: time.Now().UnixMicro(),
	})
}

// post sends the request of a row, and passes on one row for each attempt.
func (v *vu) post(ctx context.Context, state *lib.State, r *row) error {
	used := &attempts{}
	request := v.request(fmt.Sprintf("%s-%d", v.settings.Gen, r.seq))
	request.TagsAndMeta = state.Tags.GetCurrentValues()
	response, err := httpext.MakeRequest(used.trace(ctx), state, request)
	v.traffic.end(r, func(r *row) {
		if err != nil || ctx.Err() != nil {
			return
		}
		r.code, r.err, r.status, r.protocol = response.ErrorCode, response.Error, response.Status, response.Proto
		r.pod, r.node, r.version = response.Headers["X-Pod"], response.Headers["X-Node"], response.Headers["X-Version"]
		for _, each := range used.rows(r) {
			state.Samples <- each
		}
	})
	return err
}

func (v *vu) request(id string) *httpext.ParsedHTTPRequest {
	header := http.Header{"X-Request-Id": []string{id}, "Content-Type": []string{"text/plain"}}
	return &httpext.ParsedHTTPRequest{
		URL: &v.url,
		// A POST: the transport of Go repeats a GET, but repeats a POST only if it had written nothing.
		Req:          &http.Request{Method: http.MethodPost, URL: v.url.GetURL(), Header: header},
		Body:         bytes.NewBufferString(id),
		Timeout:      v.settings.timeout(),
		ResponseType: httpext.ResponseTypeNone,
		Redirects:    null.IntFrom(0),
		// With this callback k6 also counts failures itself, independently of the rows.
		ResponseCallback: func(status int) bool { return status > 0 && status < http.StatusBadRequest },
	}
}

// walkPorts adds the port walk to the dialer of k6, which still resolves names and counts bytes. Requests then know the
// connections that they open.
func (v *vu) walkPorts(state *lib.State) error {
	if v.dialing {
		return nil
	}
	dialer, ok := state.Dialer.(*netext.Dialer)
	if !ok {
		return fmt.Errorf("cannot choose source ports: k6's dialer is a %T, not a *netext.Dialer", state.Dialer)
	}
	transport, ok := state.Transport.(*http.Transport)
	if !ok {
		return fmt.Errorf("cannot know connections: k6's transport is a %T, not an *http.Transport", state.Transport)
	}
	dialer.ControlContext = v.traffic.ports.bind
	transport.DialContext = observed(transport.DialContext)
	v.dialing = true
	return nil
}
