package steps

// families registers kafkaspec's own steps, a family for each file.
var families = []func(*Registry){
	alertSteps,
	applicationSteps,
	attemptSteps,
	benchmarkSteps,
	brokerSteps,
	conservationSteps,
	expectationSteps,
	faultSteps,
	groupSteps,
	joinSteps,
	judgeSteps,
	lifecycleSteps,
	offsetSteps,
	rebalanceSteps,
	recordSteps,
	reportSteps,
	throughputSteps,
	topicSteps,
	variableSteps,
}
