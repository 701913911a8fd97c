package verdict

import (
	"testing"
	"time"
)

func TestOpenTransaction(t *testing.T) {
	open := OpenTransaction{Topic: "orders", Partition: 2, First: 3, End: 6, ProducerID: 7, TransactionalID: "eos"}
	wantInconclusive(t, open.Result(), `nothing was judged: a transaction of producer id 7 (transactional id "eos") is open `+
		"on partition 2 from offset 3, and the log ends at 6: what is behind cannot be read yet")
	open.Overdue = time.Second
	r := open.Result()
	wantFindings(t, r, Finding{Kind: HangingTransaction, Topic: "orders", Partition: 2, Offset: 3, Count: 1})
	want := `a transaction of producer id 7 (transactional id "eos") is open though its timeout is over since 1s, and the ` +
		"log ends at 6"
	if got := r.Findings[0].Detail; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
