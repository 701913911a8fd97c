package windower_test

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// judge holds what came of readings against what was sent.
func judge(t *testing.T, l *lab.Lab, sent []*kgo.Record, idleAfter time.Duration) verdict.Result {
	t.Helper()
	w := verdict.NewWindows("readings", "readings_windows", "readings_late",
		verdict.WindowRules{Size: 5 * time.Minute, Grace: time.Minute, IdleAfter: idleAfter, Field: "amount"})
	see := func(records []*kgo.Record, see func(*record.Record)) {
		for _, k := range records {
			r := record.FromKgo(k.Topic, k)
			see(&r)
		}
	}
	see(l.Read(t, "readings_late"), w.Late)
	see(l.Read(t, "readings_windows"), w.Window)
	see(sent, w.Input)
	return w.Result()
}
