package steps

// families registers kafkaspec's own steps, a family for each file.
var families = []func(*Registry){
	alertSteps,
	applicationSteps,
	attemptSteps,
	benchmarkSteps,
	brokerSteps,
	conservationSteps,
	eventTimeSteps,
	encodedSteps,
	expectationSteps,
	faultSteps,
	groupSteps,
	joinSteps,
	judgeSteps,
	lifecycleSteps,
	offsetSteps,
	readingSteps,
	rebalanceSteps,
	recordSteps,
	reportSteps,
	subjectSteps,
	throughputSteps,
	topicSteps,
	variableSteps,
	windowSteps,
}
