// Package builtin holds kafkaspec's own steps, a file for each family, and the types of their parameters.
package builtin

// Register adds kafkaspec's own steps and parameter types to a registry.

import (
	"github.com/kafkaspec/kafkaspec/steps"
)

// Register adds kafkaspec's own steps and parameter types to a registry.
func Register(r *steps.Registry) {
	registerParams(r)
	for _, family := range families {
		family(r)
	}
	for _, d := range r.Definitions() {
		bounded(d)
	}
}

// families registers kafkaspec's own steps, a family for each file.
var families = []func(*steps.Registry){
	alertSteps,
	applicationSteps,
	askSteps,
	attemptSteps,
	benchmarkSteps,
	brokerSteps,
	clientSteps,
	cloudEventSteps,
	commandSteps,
	conservationSteps,
	databaseSteps,
	eventTimeSteps,
	encodedSteps,
	eventSteps,
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
	replySteps,
	serviceSteps,
	shapeSteps,
	shareSteps,
	subjectSteps,
	throughputSteps,
	topicSteps,
	variableSteps,
	windowSteps,
}
