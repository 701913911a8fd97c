package cluster

// BrokerPIDs are the process ids of a local backend's brokers that were started.
func BrokerPIDs(backend Backend) []int {
	var ids []int
	for _, b := range backend.(*local).brokers {
		ids = append(ids, b.process.PID())
	}
	return ids
}

// WorkFolder is where a local backend keeps its brokers' data.
func WorkFolder(backend Backend) string { return backend.(*local).folder }

// Names of functions that tests look at by themselves.
var (
	CoordinatorPartition = coordinatorPartition
	Preferring           = preferring
	Leaderless           = leaderless
	LogSummary           = logSummary
)

// CleanTogether is how many scenarios end before their topics and groups are deleted.
const CleanTogether = cleanTogether
