package steps

// families registers kafkaspec's own steps, a family for each file.
var families = []func(*Registry){
	alertSteps,
	applicationSteps,
	attemptSteps,
	conservationSteps,
	eventTimeSteps,
	expectationSteps,
	faultSteps,
	groupSteps,
	judgeSteps,
	lifecycleSteps,
	offsetSteps,
	rebalanceSteps,
	recordSteps,
	reportSteps,
	throughputSteps,
	topicSteps,
	variableSteps,
	windowSteps,
}
