package holdfast

import (
	"context"
	"net"
	"strings"
	"testing"

	"go.k6.io/k6/lib/netext"
)

func TestK6CallsExhaustedPortsADialError(t *testing.T) {
	target := "http://" + listen(t).Addr().String() + "/"
	taken := listen(t).Addr().(*net.TCPAddr).Port
	dialer := netext.NewDialer(net.Dialer{ControlContext: newPortWalk(taken, taken).bind}, nil)
	rows := alone(t, target, dialer).send(context.Background(), t, 0)
	if len(rows) != 1 {
		t.Fatalf("%d rows", len(rows))
	}
	if row := rows[0]; row.code != 1213 || !strings.Contains(row.err, "cannot assign requested address") {
		t.Errorf("k6 says %d %q", row.code, row.err)
	}
	if row := rows[0]; row.sport != 0 || row.connection != 0 || row.attempt != 1 {
		t.Errorf("row is %+v", row)
	}
}
