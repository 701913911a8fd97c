package conformance_test

import "github.com/twmb/franz-go/pkg/kmsg"

func initProducer(id string, timeout int32) *kmsg.InitProducerIDRequest {
	r := kmsg.NewPtrInitProducerIDRequest()
	r.TransactionalID, r.TransactionTimeoutMillis = &id, timeout
	return r
}

// transaction is a producer of transactions that has begun none.
type transaction struct {
	a     *asker
	topic string
	pid   int64
	epoch int16
}

func (a *asker) transaction() *transaction {
	started := a.do(initProducer(a.n("x"), 60_000)).(*kmsg.InitProducerIDResponse)
	return &transaction{a, a.topic("t", 1), started.ProducerID, started.ProducerEpoch}
}

// add adds the partition in version 3, as clients do that do not know of KIP-890.
func (x *transaction) add(change ...func(*kmsg.AddPartitionsToTxnRequest)) kmsg.Request {
	r := kmsg.NewPtrAddPartitionsToTxnRequest()
	r.TransactionalID, r.ProducerID, r.ProducerEpoch = x.a.n("x"), x.pid, x.epoch
	r.Topics = []kmsg.AddPartitionsToTxnRequestTopic{{Topic: x.topic, Partitions: []int32{0}}}
	for _, c := range change {
		c(r)
	}
	return pinned{r, 3}
}

func (x *transaction) end(version int16, commit bool, change ...func(*kmsg.EndTxnRequest)) kmsg.Request {
	r := kmsg.NewPtrEndTxnRequest()
	r.TransactionalID, r.ProducerID, r.ProducerEpoch, r.Commit = x.a.n("x"), x.pid, x.epoch, commit
	for _, c := range change {
		c(r)
	}
	return pinned{r, version}
}

func (x *transaction) send(version int16, sequence int32) kmsg.Request {
	r := produce(x.topic, batch(func(b *kmsg.RecordBatch) {
		b.Attributes, b.ProducerID, b.ProducerEpoch, b.FirstSequence = 16, x.pid, x.epoch, sequence
	}, usual))
	id := x.a.n("x")
	r.TransactionID = &id
	return pinned{r, version}
}

func (x *transaction) offsets(change ...func(*kmsg.TxnOffsetCommitRequest)) kmsg.Request {
	r := kmsg.NewPtrTxnOffsetCommitRequest()
	r.TransactionalID, r.Group, r.ProducerID, r.ProducerEpoch = x.a.n("x"), x.a.n("g"), x.pid, x.epoch
	r.Generation = -1
	p := kmsg.NewTxnOffsetCommitRequestTopicPartition()
	p.Offset = 5
	r.Topics = []kmsg.TxnOffsetCommitRequestTopic{{Topic: x.topic,
		Partitions: []kmsg.TxnOffsetCommitRequestTopicPartition{p}}}
	for _, c := range change {
		c(r)
	}
	return pinned{r, 3}
}

func (x *transaction) addOffsets() kmsg.Request {
	r := kmsg.NewPtrAddOffsetsToTxnRequest()
	r.TransactionalID, r.Group, r.ProducerID, r.ProducerEpoch = x.a.n("x"), x.a.n("g"), x.pid, x.epoch
	return pinned{r, 3}
}

func describeTransactions(ids ...string) *kmsg.DescribeTransactionsRequest {
	r := kmsg.NewPtrDescribeTransactionsRequest()
	r.TransactionalIDs = ids
	return r
}

// awaitStable waits for the marker of the transaction's end, which comes after the answer to EndTxn.
func (x *transaction) awaitStable(offset int64) {
	r := listOffsets(x.topic, 0, -1)
	r.IsolationLevel = 1
	x.a.until("a marker", func() bool {
		answer := x.a.do(r).(*kmsg.ListOffsetsResponse)
		return answer.Topics[0].Partitions[0].Offset >= offset
	})
}

// within asks a producer of transactions something, and ends what it left open.
func within(name string, ask func(*transaction)) question {
	return question{name, func(a *asker) {
		x := a.transaction()
		ask(x)
		a.do(initProducer(a.n("x"), 60_000)) // aborts what is open
	}}
}

var transactionQuestions = []question{
	{"a producer id", one(func(*asker) kmsg.Request { return kmsg.NewPtrInitProducerIDRequest() })},
	{"a producer id for transactions", one(func(a *asker) kmsg.Request { return initProducer(a.n("x"), 60_000) })},
	{"a producer id again", func(a *asker) {
		a.do(initProducer(a.n("x"), 60_000))
		a.ask(initProducer(a.n("x"), 60_000))
	}},
	{"a producer id for an empty transactional id", one(func(*asker) kmsg.Request { return initProducer("", 60_000) })},
	{"a transaction timeout of 0", one(func(a *asker) kmsg.Request { return initProducer(a.n("x"), 0) })},
	{"a transaction timeout that is too long", one(func(a *asker) kmsg.Request { return initProducer(a.n("x"), 1<<30) })},
	within("a producer id with an epoch that is not current", func(x *transaction) {
		r := initProducer(x.a.n("x"), 60_000)
		r.ProducerID, r.ProducerEpoch = x.pid, x.epoch+5
		x.a.ask(r)
	}),
	within("commit a transaction", func(x *transaction) {
		x.a.ask(x.add())
		x.a.ask(x.send(11, 0))
		x.a.ask(x.end(3, true))
		x.awaitStable(2)
		x.a.ask(fetch(x.topic, x.a.id(x.topic), 0, func(r *kmsg.FetchRequest) { r.IsolationLevel = 1 }))
	}),
	within("abort a transaction", func(x *transaction) {
		x.a.ask(x.add())
		x.a.ask(x.send(11, 0))
		x.a.ask(x.end(3, false))
	}),
	within("an open transaction is not read", func(x *transaction) {
		x.a.ask(x.add())
		x.a.ask(x.send(11, 0))
		x.a.ask(fetch(x.topic, x.a.id(x.topic), 0, func(r *kmsg.FetchRequest) { r.IsolationLevel = 1 }))
		r := listOffsets(x.topic, 0, -1)
		r.IsolationLevel = 1
		x.a.ask(r)
	}),
	within("commit a transaction that has not begun", func(x *transaction) { x.a.ask(x.end(3, true)) }),
	within("abort a transaction that has not begun", func(x *transaction) { x.a.ask(x.end(3, false)) }),
	within("abort a transaction that has not begun, of KIP-890", func(x *transaction) { x.a.ask(x.end(5, false)) }),
	within("commit with an older epoch", func(x *transaction) {
		x.a.ask(x.add())
		x.a.do(initProducer(x.a.n("x"), 60_000))
		x.a.ask(x.end(3, true))
	}),
	within("commit with another producer id", func(x *transaction) {
		x.a.ask(x.end(3, true, func(r *kmsg.EndTxnRequest) { r.ProducerID += 1000 }))
	}),
	within("commit of an unknown transactional id", func(x *transaction) {
		x.a.ask(x.end(3, true, func(r *kmsg.EndTxnRequest) { r.TransactionalID = x.a.n("u") }))
	}),
	within("records of a transaction without the partition", func(x *transaction) { x.a.ask(x.send(11, 0)) }),
	within("records of a transaction of KIP-890 without the partition", func(x *transaction) { x.a.ask(x.send(12, 0)) }),
	within("records of a transaction with an older epoch", func(x *transaction) {
		x.a.ask(x.add())
		x.a.do(initProducer(x.a.n("x"), 60_000))
		x.a.ask(x.send(11, 0))
	}),
	within("add an unknown partition", func(x *transaction) {
		x.a.ask(x.add(func(r *kmsg.AddPartitionsToTxnRequest) { r.Topics[0].Partitions = []int32{0, 9} }))
	}),
	within("add a partition with an older epoch", func(x *transaction) {
		x.a.do(initProducer(x.a.n("x"), 60_000))
		x.a.ask(x.add())
	}),
	within("add a partition for an unknown transactional id", func(x *transaction) {
		x.a.ask(x.add(func(r *kmsg.AddPartitionsToTxnRequest) { r.TransactionalID = x.a.n("u") }))
	}),
	within("offsets of a transaction", func(x *transaction) {
		x.a.ask(x.addOffsets())
		x.a.ask(x.offsets())
		x.a.ask(committed(x.a, "g", x.topic))
		x.a.ask(x.end(3, true))
	}),
	within("offsets of a transaction that are not stable", func(x *transaction) {
		x.a.do(commit(x.a, "g", x.topic))
		x.a.ask(x.addOffsets())
		x.a.ask(x.offsets())
		r := committed(x.a, "g", x.topic).(pinned)
		r.Request.(*kmsg.OffsetFetchRequest).RequireStable = true
		x.a.ask(r)
	}),
	within("offsets that are not stable of a group that has no others", func(x *transaction) {
		x.a.ask(x.addOffsets())
		x.a.ask(x.offsets())
		r := committed(x.a, "g", x.topic).(pinned)
		r.Request.(*kmsg.OffsetFetchRequest).RequireStable = true
		x.a.ask(r)
	}),
	within("offsets of a transaction by an unknown member", func(x *transaction) {
		x.a.ask(x.addOffsets())
		x.a.ask(x.offsets(func(r *kmsg.TxnOffsetCommitRequest) { r.MemberID, r.Generation = "m", 3 }))
	}),
	within("offsets of a transaction without the group", func(x *transaction) { x.a.ask(x.offsets()) }),
	within("describe a transaction that has not begun", func(x *transaction) {
		x.a.ask(describeTransactions(x.a.n("x")))
	}),
	within("describe an open transaction", func(x *transaction) {
		x.a.ask(x.add())
		x.a.ask(describeTransactions(x.a.n("x")))
	}),
	{"describe an unknown transaction", one(func(a *asker) kmsg.Request { return describeTransactions(a.n("u")) })},
	within("list transactions by state", func(x *transaction) {
		x.a.ask(x.add())
		r := kmsg.NewPtrListTransactionsRequest()
		r.StateFilters, r.ProducerIDFilters = []string{"Ongoing", "Nonsense"}, []int64{x.pid}
		x.a.ask(r)
		r.StateFilters = []string{"Empty"}
		x.a.ask(r)
	}),
}
