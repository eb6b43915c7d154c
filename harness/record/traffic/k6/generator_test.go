package holdfast

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.k6.io/k6/cmd"
)

// The test binary also runs as k6 with this extension.
func TestMain(m *testing.M) {
	if os.Getenv("HOLDFAST_TEST_AS_K6") != "" {
		cmd.Execute()
		return
	}
	os.Exit(m.Run())
}

type recording struct {
	header header
	rows   []row
	footer footer
}

func startK6(t *testing.T, target string, environment ...string) (*exec.Cmd, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "requests.ndjson")
	k6 := exec.Command(os.Args[0], "run", "--no-usage-report", "--summary-mode=disabled", "--no-thresholds",
		"--address=", "--quiet", "--out=holdfast="+file, "../script.js")
	k6.Env = append(os.Environ(), "HOLDFAST_TEST_AS_K6=1", "K6_AUTO_EXTENSION_RESOLUTION=false",
		"HOLDFAST_TARGET="+target, "HOLDFAST_GEN=g", "HOLDFAST_CONN=fresh", "HOLDFAST_RATE=50",
		"HOLDFAST_TIMEOUT_MS=1000", "HOLDFAST_DURATION_MS=1000")
	k6.Env = append(k6.Env, environment...)
	k6.Stderr = &bytes.Buffer{}
	if err := k6.Start(); err != nil {
		t.Fatal(err)
	}
	return k6, file
}

func finish(t *testing.T, k6 *exec.Cmd, file string) recording {
	t.Helper()
	if err := k6.Wait(); err != nil {
		t.Fatalf("k6: %v\n%s", err, k6.Stderr)
	}
	return read(t, file)
}

func read(t *testing.T, file string) recording {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSpace(content), []byte("\n"))
	var r recording
	decode(t, lines[0], &r.header)
	decode(t, lines[len(lines)-1], &r.footer)
	for _, line := range lines[1 : len(lines)-1] {
		r.rows = append(r.rows, rowFrom(t, line))
	}
	return r
}

func rowFrom(t *testing.T, line []byte) row {
	t.Helper()
	var r row
	var podBy string
	values := []any{
		&r.seq, &r.due, &r.start, &r.end, &r.code, &r.err, &r.status, &r.reused, &r.attempt, &r.sport, &r.dst,
		&r.connection, &r.source, &r.protocol, &podBy, &r.pod, &r.node, &r.version,
	}
	decode(t, line, &values)
	if len(values) != len(fields) || (podBy == "header") != (r.pod != "") {
		t.Errorf("row is %s", line)
	}
	return r
}

func decode(t *testing.T, line []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(line, into); err != nil {
		t.Fatalf("%v in %s", err, line)
	}
}

// application answers like the workload after `work`, and counts the ids of its requests.
func application(t *testing.T, work time.Duration) (url string, served func() map[string]int) {
	t.Helper()
	var mu sync.Mutex
	ids := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(work)
		mu.Lock()
		ids[r.Method+" "+r.Header.Get("X-Request-Id")]++
		mu.Unlock()
		w.Header().Set("X-Pod", "web-1")
		w.Header().Set("X-Node", "worker")
		w.Header().Set("X-Version", "2")
	}))
	t.Cleanup(server.Close)
	return server.URL + "/", func() map[string]int {
		mu.Lock()
		defer mu.Unlock()
		return ids
	}
}

func TestFreshConnections(t *testing.T) {
	url, served := application(t, 0)
	k6, file := startK6(t, url)
	r := finish(t, k6, file)

	if r.header.Schema != "holdfast.requests/2" || r.header.Target != url || len(r.header.Fields) != len(fields) {
		t.Errorf("header is %+v", r.header)
	}
	if !r.footer.Footer || r.footer.Rows != int64(len(r.rows)) || r.footer.HTTPReqs != r.footer.Rows {
		t.Errorf("%d rows, footer is %+v", len(r.rows), r.footer)
	}
	if len(r.rows) < 25 || r.footer.DroppedIterations != 0 || r.footer.HTTPReqsFailed != 0 {
		t.Errorf("%d rows, footer is %+v", len(r.rows), r.footer)
	}
	ports := map[int]bool{}
	connections := map[int64]bool{}
	seen := served()
	var before int64
	for _, row := range r.rows {
		if row.code != 0 || row.status != 200 || row.reused || row.attempt != 1 || "http://"+row.dst+"/" != url {
			t.Errorf("row is %+v", row)
		}
		if row.pod != "web-1" || row.node != "worker" || row.version != "2" {
			t.Errorf("identity is %q %q %q", row.pod, row.node, row.version)
		}
		if row.start < row.due || row.end < row.start || row.end < before {
			t.Errorf("due %d, start %d, end %d after a row that ended at %d", row.due, row.start, row.end, before)
		}
		before = row.end
		if ports[row.sport] {
			t.Errorf("port %d was used twice", row.sport)
		}
		ports[row.sport] = true
		if row.connection == 0 || connections[row.connection] || row.source != "127.0.0.1" || row.protocol != "HTTP/1.1" {
			t.Errorf("connection %d from %q with %q", row.connection, row.source, row.protocol)
		}
		connections[row.connection] = true
		if seen[fmt.Sprintf("POST g-%d", row.seq)] != 1 {
			t.Errorf("request g-%d was served %d times", row.seq, seen[fmt.Sprintf("POST g-%d", row.seq)])
		}
	}
}

func TestKeptAliveConnections(t *testing.T) {
	url, _ := application(t, 0)
	// With 12 VUs, each is used about four times.
	k6, file := startK6(t, url, "HOLDFAST_CONN=kept-alive", "HOLDFAST_TIMEOUT_MS=200", "HOLDFAST_DURATION_MS=1000")
	r := finish(t, k6, file)

	ports := map[int64]int{}
	for _, row := range r.rows {
		port, known := ports[row.connection]
		if row.code != 0 || row.reused != known || (known && row.sport != port) {
			t.Errorf("row is %+v, its connection had port %d", row, port)
		}
		ports[row.connection] = row.sport
	}
	if len(ports) != 12 {
		t.Errorf("%d connections for 12 VUs", len(ports))
	}
}

func TestRefusedAndTimedOutRequests(t *testing.T) {
	listener := listen(t)
	silent := listener.Addr().String()
	k6, file := startK6(t, "http://"+silent+"/", "HOLDFAST_TIMEOUT_MS=100")
	r := finish(t, k6, file)
	if r.footer.HTTPReqsFailed != r.footer.Rows {
		t.Errorf("no answers, footer is %+v", r.footer)
	}
	for _, row := range r.rows {
		if row.code != 1050 || row.err != "request timeout" || row.status != 0 || row.sport == 0 || row.pod != "" {
			t.Errorf("row without an answer is %+v", row)
		}
	}
	_ = listener.Close()
	k6, file = startK6(t, "http://"+silent+"/")
	for _, row := range finish(t, k6, file).rows {
		if row.code != 1212 || row.sport == 0 || row.attempt != 1 || row.dst != silent {
			t.Errorf("refused row is %+v", row)
		}
	}
}

func TestSigtermLetsRequestsInFlightEnd(t *testing.T) {
	url, served := application(t, 300*time.Millisecond)
	k6, file := startK6(t, url, "HOLDFAST_DURATION_MS=60000")
	for len(served()) == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	if err := k6.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	r := finish(t, k6, file)
	if r.footer.Rows != int64(len(served())) || r.footer.HTTPReqs != r.footer.Rows {
		t.Errorf("%d requests served, footer is %+v", len(served()), r.footer)
	}
	for _, row := range r.rows {
		if row.code != 0 {
			t.Errorf("row is %+v", row)
		}
	}
}

func TestARecordingIsNeverWrittenOver(t *testing.T) {
	url, _ := application(t, 0)
	k6, file := startK6(t, url)
	_ = finish(t, k6, file)
	again := exec.Command(k6.Args[0], k6.Args[1:]...)
	again.Env = k6.Env
	if words, err := again.CombinedOutput(); err == nil || !bytes.Contains(words, []byte("file exists")) {
		t.Errorf("second run: %v\n%s", err, words)
	}
}
