package wire

import (
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
)

// Each script gets the bootstrap servers, sends 50 records to "orders" and reads them in group "shipping" until it has
// them.
var scripts = map[string]string{
	"confluent_kafka": `
import sys, confluent_kafka as k
p = k.Producer({"bootstrap.servers": sys.argv[1], "enable.idempotence": True, "retry.backoff.ms": 20})
for i in range(50): p.produce("orders", str(i))
assert p.flush(15) == 0
c = k.Consumer({"bootstrap.servers": sys.argv[1], "group.id": "shipping", "auto.offset.reset": "earliest",
    "enable.auto.commit": False})
c.subscribe(["orders"]); n = 0
while n < 50:
    m = c.poll(1)
    if m and not m.error(): n += 1
c.commit(asynchronous=False)
c.close()
`,
	"kafka": `
import sys, kafka as k
p = k.KafkaProducer(bootstrap_servers=sys.argv[1], acks="all", enable_idempotence=True, retry_backoff_ms=20)
for i in range(50): p.send("orders", str(i).encode())
p.flush(15); p.close()
c = k.KafkaConsumer("orders", bootstrap_servers=sys.argv[1], group_id="shipping", auto_offset_reset="earliest",
    enable_auto_commit=False)
n = 0
while n < 50:
    for batch in c.poll(1000).values(): n += len(batch)
c.commit()
c.close()
`,
}

// TestPythonClients runs librdkafka and kafka-python through the wire, with an acknowledgement lost on the way. It
// needs their packages.
func TestPythonClients(t *testing.T) {
	for module, script := range scripts {
		t.Run(module, func(t *testing.T) {
			python := testenv.Python(t, module, strings.ReplaceAll(module, "_", "-"))
			c := cluster(t, 3, kfake.SeedTopics(1, "orders"))
			r := new(recorder)
			p := wired(t, c, Options{Observe: r.observe})
			lost := On("Produce", CutAfter())
			lost.Times = 1
			fault := add(t, p, lost)
			l, err := p.Application("python")
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
			defer cancel()
			if out, err := exec.CommandContext(ctx, python, "-c", script,
				strings.Join(l.Bootstrap(), ",")).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if fault.Fired() != 1 {
				t.Errorf("got fired %d, want 1", fault.Fired())
			}
			if n := logged(deadline(t), t, c, "orders"); n != 50 {
				t.Errorf("got %d records, want each of 50 once", n)
			}
			for _, note := range notes(r.all()) {
				t.Errorf("got note on %s: %s, want everything read", note.Request.API, note.Text)
			}
			_, software := of[*journal.Client](r.all())
			_, attempts := of[*journal.Attempt](r.all())
			if len(software) == 0 || software[0].Name == "" || len(attempts) < 2 || attempts[0].ProducerID < 0 {
				t.Errorf("got software %v, %d attempts, want a name and an idempotent retry", software, len(attempts))
			}
			if owners := ownersOf(r, "orders", 0); len(owners) != 1 || owners[0].End != membership.Left {
				t.Errorf("got owners %+v, want one that left", owners)
			}
			if commits, _ := of[*journal.Commit](r.all()); len(commits) == 0 || commits[len(commits)-1].Offset != 50 {
				t.Errorf("got commits %+v, want the last at 50", commits)
			}
		})
	}
}
