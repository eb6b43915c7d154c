package holdfast

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/http/httptrace"
	"testing"
	"time"

	"go.k6.io/k6/lib/netext"
)

// keptAlive answers every request. reset resets all open connections.
func keptAlive(t *testing.T) (target string, reset func()) {
	t.Helper()
	listener := listen(t)
	open := make(chan *net.TCPConn, 10)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			open <- conn.(*net.TCPConn)
			go answer(conn)
		}
	}()
	return "http://" + listener.Addr().String() + "/", func() {
		for len(open) > 0 {
			conn := <-open
			// With a linger time of 0, closing sends an RST.
			_ = conn.SetLinger(0)
			_ = conn.Close()
		}
	}
}

func answer(conn net.Conn) {
	reader := bufio.NewReader(conn)
	for {
		request, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		_ = request.Body.Close()
		_, _ = conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Pod: web-1\r\n\r\n"))
	}
}

// resetOnceTaken resets a kept-alive connection after net/http chose it for a request and before it writes to it.
func resetOnceTaken(reset func()) context.Context {
	return httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			if !info.Reused {
				return
			}
			reset()
			for info.Conn.(*observedConn).connection.failure() == nil {
				time.Sleep(time.Millisecond)
			}
		},
	})
}

func TestEachAttemptOfAHiddenRetryHasARow(t *testing.T) {
	target, reset := keptAlive(t)
	walk := newPortWalk(20_000, 29_999)
	user := alone(t, target, netext.NewDialer(net.Dialer{ControlContext: walk.bind}, nil))

	first := user.send(context.Background(), t, 0)
	if len(first) != 1 {
		t.Fatalf("%d rows of a request that took one connection", len(first))
	}
	opened := first[0]
	if opened.code != 0 || opened.attempt != 1 || opened.connection != 1 || opened.reused || opened.protocol != "HTTP/1.1" {
		t.Errorf("row is %+v", opened)
	}

	rows := user.send(resetOnceTaken(reset), t, 1)
	if len(rows) != 2 {
		t.Fatalf("%d rows of a request that took two connections", len(rows))
	}
	lost, answered := rows[0], rows[1]
	if lost.seq != 1 || lost.attempt != 1 || !lost.reused || lost.connection != 1 || lost.sport != opened.sport {
		t.Errorf("the attempt that was given up is %+v, on the connection of %+v", lost, opened)
	}
	if lost.code != codeReset || lost.err != "read: connection reset by peer" || lost.status != 0 || lost.pod != "" {
		t.Errorf("the attempt that was given up says %+v", lost)
	}
	if answered.seq != 1 || answered.attempt != 2 || answered.reused || answered.code != 0 || answered.pod != "web-1" {
		t.Errorf("the attempt that was answered is %+v", answered)
	}
	if answered.connection != 2 || answered.sport == lost.sport || answered.source != "127.0.0.1" {
		t.Errorf("the attempt that was answered is %+v, after %+v", answered, lost)
	}
	if lost.start > lost.end || lost.end != answered.start || answered.start > answered.end {
		t.Errorf("from %d to %d, then from %d to %d", lost.start, lost.end, answered.start, answered.end)
	}
}
