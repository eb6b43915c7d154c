package holdfast

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// traffic is the state that the VUs of one generator share: its source ports, the requests in flight, and how it ends.
type traffic struct {
	ports       *portWalk
	takeSignals sync.Once
	// endTest ends the test of k6 early, and cancels everything that still runs.
	endTest func(error)

	mu       sync.Mutex
	inFlight int
	stopping bool
	idle     chan struct{}
}

func newTraffic() *traffic {
	// The range starts at 10,000. It is twice as long as the range of the kernel, so at 200 connections a second a port
	// is unused for more than four minutes. Nothing else binds ports in the network namespace of a generator.
	return &traffic{ports: newPortWalk(10_000, 65_535), idle: make(chan struct{})}
}

// begin reports whether a request may be sent: no request is sent after the generator was asked to stop.
func (t *traffic) begin() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopping {
		return false
	}
	t.inFlight++
	return true
}

// end records the end of the request and passes on its rows. Both happen under one lock, so rows leave in the order in
// which requests end, and the attempts of one request stay together. A request that k6 cancelled passes on no row, and
// k6 does not count it either.
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

// stop ends the test when the last request in flight has ended.
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

// stopOnSignal handles SIGTERM and SIGINT instead of k6, which would cancel the requests in flight and record them as
// failures. Call it while the test runs, because k6 registers its handlers shortly before.
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
