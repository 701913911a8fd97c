package steps

// families registers kafkaspec's own steps, a family for each file.
var families = []func(*Registry){
	applicationSteps,
	attemptSteps,
	conservationSteps,
	expectationSteps,
	faultSteps,
	groupSteps,
	judgeSteps,
	recordSteps,
	reportSteps,
	throughputSteps,
	topicSteps,
	variableSteps,
}
