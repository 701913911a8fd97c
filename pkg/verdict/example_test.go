package verdict_test

import (
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

func ExampleCopy() {
	judge := verdict.NewCopy("orders", "orders_copy")
	for offset := range int64(3) {
		judge.Input(&record.Record{Topic: "orders", Partition: 1, Offset: 40 + offset, Key: []byte("u7"),
			Value: fmt.Append(nil, offset)})
	}
	judge.Output(&record.Record{Topic: "orders_copy", Offset: 0, Key: []byte("u7"), Value: []byte("0")})
	judge.Output(&record.Record{Topic: "orders_copy", Offset: 1, Key: []byte("u7"), Value: []byte("1")})
	fmt.Println(judge.Result().Err())
	// Output:
	// copy of orders to orders_copy: got 1 × lost write, want none (5 looked at)
	//   lost write: orders partition 1 offset 42 key u7: in the log, not in orders_copy
	//   lost write: look for send errors nobody handles, offsets committed before the work was done, and acks other than all
}

func ExampleEvennessOf() {
	e := verdict.EvennessOf(map[int32]int64{0: 90, 1: 100, 2: 110})
	fmt.Printf("max/mean %.2f, min/mean %.2f, chi-square %.1f, p %.2f\n", e.MaxOverMean, e.MinOverMean, e.ChiSquare,
		e.PValue)
	fmt.Println(e.ByChance("events", 0.5).Outcome)
	// Output:
	// max/mean 1.10, min/mean 0.90, chi-square 2.0, p 0.37
	// fail
}
