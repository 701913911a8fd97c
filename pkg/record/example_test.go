package record_test

import (
	"fmt"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

func ExampleCompare() {
	got, err := record.FromTable(record.Source{Place: source.Place{File: "orders.feature", Line: 4}}, [][]string{
		{"key", "value.amount", "partition"},
		{"u1", "7", "0"},
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	want, err := record.PatternsFromTable(record.Source{Place: source.Place{File: "orders.feature", Line: 9}}, [][]string{
		{"key", "value.amount"},
		{"u1", "5"},
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(record.Compare(record.Contains, want, got))
	// Output:
	// got 1 record, want 1 record among them; missing: 1
	// missing:
	//   key u1, value.amount 5  (orders.feature:10)
	//     closest: partition 0: key u1, value {"amount":7}
	//       value.amount: got 7, want 5
}

func ExampleParseGenerators() {
	generators, err := record.ParseGenerators("orders.yaml", []byte(`
orders:
  key: user-${cycle 1 2}
  value: {order: "${sequence 1}"}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for r := range generators["orders"].Records(1, 3) {
		fmt.Println(r.Show())
	}
	// Output:
	// key user-1, value {"order":1}
	// key user-2, value {"order":2}
	// key user-1, value {"order":3}
}

func ExampleFromDoc() {
	_, err := record.FromDoc(record.Source{Place: source.Place{File: "orders.feature", Line: 7}}, "yaml", "- key: u1\n  vlaue: x\n", nil)
	message, known, _ := strings.Cut(err.Error(), " known: ")
	fmt.Println(message)
	fmt.Println(known)
	// Output:
	// orders.feature:9: unknown key "vlaue": did you mean "value"?
	// key, value, headers, partition, timestamp, topic
}
