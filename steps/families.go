package steps

// families registers kafkaspec's own steps, a family for each file.
var families = []func(*Registry){
	alertSteps,
	applicationSteps,
	attemptSteps,
	conservationSteps,
	encodedSteps,
	expectationSteps,
	faultSteps,
	groupSteps,
	judgeSteps,
	lifecycleSteps,
	offsetSteps,
	readingSteps,
	recordSteps,
	reportSteps,
	subjectSteps,
	throughputSteps,
	topicSteps,
	variableSteps,
}
