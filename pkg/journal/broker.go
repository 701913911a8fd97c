package journal

// Broker is what the scenario did to a broker.
type Broker struct {
	ID     int32  `json:"id"`
	Change string `json:"change"` // stopped, killed, paused, started, resumed, restarted
}

func (*Broker) detail() {}

// String is empty: the fact's text says it.
func (*Broker) String() string { return "" }
