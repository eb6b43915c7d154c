package holdfast

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"time"

	"go.k6.io/k6/metrics"
	"go.k6.io/k6/output"
)

// flushEvery plus the 50 ms in which k6 passes on samples limit the loss of a killed generator to 200 ms.
const flushEvery = 150 * time.Millisecond

// requestsFile is the output `holdfast=<file>`: a header line, one line per attempt in the order in which requests end,
// and a footer.
type requestsFile struct {
	output.SampleBuffer
	path     string
	settings settings
	traffic  *traffic
	epoch    int64

	file    *os.File
	writer  *bufio.Writer
	flusher *output.PeriodicFlusher
	// failed is the first error of a write. The file then ends without a footer.
	failed error

	rows, httpReqs, httpReqsFailed, droppedIterations int64
}

type header struct {
	Schema        string   `json:"schema"`
	Gen           string   `json:"gen"`
	Conn          string   `json:"conn"`
	Clock         string   `json:"clock"`
	Epoch         int64    `json:"epoch"`
	RatePerSecond int64    `json:"ratePerSecond"`
	TimeoutMs     int64    `json:"timeoutMs"`
	Target        string   `json:"target"`
	Fields        []string `json:"fields"`
}

type footer struct {
	Footer            bool  `json:"footer"`
	Rows              int64 `json:"rows"`
	HTTPReqs          int64 `json:"httpReqs"`
	HTTPReqsFailed    int64 `json:"httpReqsFailed"`
	DroppedIterations int64 `json:"droppedIterations"`
	End               int64 `json:"end"`
}

func newRequestsFile(params output.Params, generator *traffic) (*requestsFile, error) {
	if params.ConfigArgument == "" {
		return nil, errors.New("name the file to write: --out holdfast=<file>")
	}
	given, err := settingsFrom(func(name string) (string, bool) {
		value, ok := params.Environment[name]
		return value, ok
	})
	if err != nil {
		return nil, err
	}
	return &requestsFile{path: params.ConfigArgument, settings: given, traffic: generator}, nil
}

func (f *requestsFile) Description() string { return "holdfast (" + f.path + ")" }

// SetTestRunStopCallback gives the generator the function with which k6 ends the test.
func (f *requestsFile) SetTestRunStopCallback(endTest func(error)) { f.traffic.endTest = endTest }

// Start creates the file, which must not exist, so that no recording is overwritten.
func (f *requestsFile) Start() error {
	file, err := os.OpenFile(f.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	f.file, f.writer, f.epoch = file, bufio.NewWriter(file), time.Now().UnixMicro()
	f.write(header{
		Schema: "holdfast.requests/2", Gen: f.settings.Gen, Conn: f.settings.Conn, Clock: clock(), Epoch: f.epoch,
		RatePerSecond: f.settings.RatePerSecond, TimeoutMs: f.settings.TimeoutMs, Target: f.settings.Target, Fields: fields,
	})
	f.flush()
	f.flusher, err = output.NewPeriodicFlusher(flushEvery, f.flush)
	return errors.Join(f.failed, err)
}

// Stop writes the remaining rows, and the footer that marks the file as complete.
func (f *requestsFile) Stop() error {
	f.flusher.Stop()
	f.write(footer{true, f.rows, f.httpReqs, f.httpReqsFailed, f.droppedIterations, time.Now().UnixMicro()})
	f.flush()
	return errors.Join(f.failed, f.file.Close())
}

func (f *requestsFile) flush() {
	for _, container := range f.GetBufferedSamples() {
		if request, ok := container.(*row); ok {
			line, err := request.line(f.epoch)
			f.writeLine(line, err)
			f.rows++
			continue
		}
		for _, sample := range container.GetSamples() {
			switch sample.Metric.Name {
			case metrics.HTTPReqsName:
				f.httpReqs++
			case metrics.HTTPReqFailedName:
				f.httpReqsFailed += int64(sample.Value)
			case metrics.DroppedIterationsName:
				f.droppedIterations++
			}
		}
	}
	f.keep(f.writer.Flush())
}

func (f *requestsFile) write(value any) {
	line, err := json.Marshal(value)
	f.writeLine(line, err)
}

func (f *requestsFile) writeLine(line []byte, err error) {
	f.keep(err)
	_, err = f.writer.Write(append(line, '\n'))
	f.keep(err)
}

// keep ends the test at the first error, because requests that cannot be recorded are useless.
func (f *requestsFile) keep(err error) {
	if err == nil || f.failed != nil {
		return
	}
	f.failed = err
	f.traffic.endTest(err)
}

// clock identifies the clock of the time stamps. All processes on one kernel read the same clock.
func clock() string {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(id))
}
