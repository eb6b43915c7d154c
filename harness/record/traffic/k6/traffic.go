package holdfast

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// traffic is what the VUs of one generator share: its source ports, what is in flight, and how it ends.
type traffic struct {
	ports       *portWalk
	takeSignals sync.Once
	// endTest is k6's way to end a test early; it cancels whatever still runs.
	endTest func(error)

	mu       sync.Mutex
	inFlight int
	stopping bool
	idle     chan struct{}
}

func newTraffic() *traffic {
	// From 10,000: a range twice as long as the kernel's, so that at 200 connections a second a port rests for over
	// four minutes. Nothing else binds ports in a generator's network namespace.
	return &traffic{ports: newPortWalk(10_000, 65_535), idle: make(chan struct{})}
}

// begin reports whether a request may be sent: none is, once the generator was asked to stop.
func (t *traffic) begin() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopping {
		return false
	}
	t.inFlight++
	return true
}

// end stamps the request's end and hands its rows over. Both happen under one lock, so requests leave in the order of
// their end, and the attempts of one stand together. A row without hand-over is not counted: k6 cancelled its request, and does not count it either.
func (t *traffic) end(r *row, handOver func(*row)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r.end = time.Now().UnixMicro()
	handOver(r)
	t.inFlight--
	if t.stopping && t.inFlight == 0 {
		close(t.idle)
	}
}

// stop ends the test when the last request that is in flight has ended.
func (t *traffic) stop() {
	t.mu.Lock()
	already := t.stopping
	t.stopping = true
	if !already && t.inFlight == 0 {
		close(t.idle)
	}
	t.mu.Unlock()
	<-t.idle
	t.endTest(nil)
}

// stopOnSignal takes SIGTERM and SIGINT over from k6, which would cancel the requests in flight and make failures of
// them. To be called while the test runs: k6 asks for its signals shortly before.
func (t *traffic) stopOnSignal() {
	t.takeSignals.Do(func() {
		signals := make(chan os.Signal, 1)
		signal.Reset(syscall.SIGTERM, syscall.SIGINT)
		signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
		go func() {
			<-signals
			t.stop()
		}()
	})
}
