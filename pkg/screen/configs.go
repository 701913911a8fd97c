package screen

import (
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/topicconfig"
)

// noResource is a kind of resource that no broker knows, which it therefore refuses.
const noResource = kmsg.ConfigResourceType(99)

// alteration is what is known of one resource whose settings are altered.
type alteration struct {
	kind     kmsg.ConfigResourceType
	refused  *refused
	settings map[string]string // what they become
}

// described are the settings of a topic as DescribeConfigs has them; those that are named, or all.
func (s *state) described(own map[string]string, names []string,
	synonyms bool) (all []kmsg.DescribeConfigsResponseResourceConfig) {
	broker := s.brokerSettings()
	for _, known := range topicconfig.All() {
		if names != nil && !slices.Contains(names, known.Name) {
			continue
		}
		c := kmsg.NewDescribeConfigsResponseResourceConfig()
		c.Name, c.ConfigType = known.Name, known.Kind
		add := func(name, value string, source kmsg.ConfigSource) {
			if c.Value == nil {
				c.Value, c.Source, c.IsDefault = &value, source, source == kmsg.ConfigSourceDefaultConfig
			}
			if synonyms && name != "" {
				synonym := kmsg.NewDescribeConfigsResponseResourceConfigConfigSynonym()
				synonym.Name, synonym.Value, synonym.Source = name, &value, source
				c.ConfigSynonyms = append(c.ConfigSynonyms, synonym)
			}
		}
		if v, ok := own[known.Name]; ok {
			add(known.Name, v, kmsg.ConfigSourceDynamicTopicConfig)
		}
		if v, ok := broker[known.Broker]; ok {
			add(known.Broker, v, kmsg.ConfigSourceStaticBrokerConfig)
		}
		add(known.Broker, known.Usual, sourceOf(known))
		all = append(all, c)
	}
	return all
}

// describedConfigs gives topics all the settings that there are; kfake knows a third of them.
func (s *state) describedConfigs(request kmsg.Request, _ any, answer kmsg.Response) (changed bool) {
	asked, got := request.(*kmsg.DescribeConfigsRequest), answer.(*kmsg.DescribeConfigsResponse)
	for i := range got.Resources {
		r := &got.Resources[i]
		if r.ResourceType != kmsg.ConfigResourceTypeTopic || r.ErrorCode != 0 || i >= len(asked.Resources) {
			continue
		}
		r.Configs = s.described(s.settings(r.ResourceName), asked.Resources[i].ConfigNames, asked.IncludeSynonyms)
		changed = true
	}
	return changed
}

// checkReplaced looks at settings that replace all that there were.
func (s *state) checkReplaced(request kmsg.Request) (any, bool) {
	var note []alteration
	asked := request.(*kmsg.AlterConfigsRequest)
	for i := range asked.Resources {
		r := &asked.Resources[i]
		a := alteration{kind: r.ResourceType, settings: map[string]string{}}
		for _, c := range r.Configs {
			switch {
			case c.Value != nil:
				a.settings[c.Name] = *c.Value
			case r.ResourceType == kmsg.ConfigResourceTypeTopic:
				a.refused = refusal(kerr.InvalidRequest, "Null value not supported for : %s", c.Name)
			}
		}
		if a.check() {
			r.ResourceType = noResource
		}
		for j := range r.Configs {
			a.keep(r.Configs[j].Name, &r.Configs[j].Value)
		}
		note = append(note, a)
	}
	return note, len(note) > 0
}

// keep writes a value into the request as the broker is to keep it.
func (a *alteration) keep(name string, value **string) {
	if v, ok := a.settings[name]; ok && *value != nil {
		*value = &v
	}
}

// check looks at the settings that a topic is to have, and tells whether they are refused.
func (a *alteration) check() bool {
	if a.kind != kmsg.ConfigResourceTypeTopic {
		return false
	}
	if a.refused == nil {
		if wrong := checkSettings(a.settings); wrong != "" {
			a.refused = refusal(kerr.InvalidConfig, "%s", wrong)
		}
	}
	return a.refused != nil
}

// checkAltered looks at settings that are altered one by one. What is appended or taken away becomes what is set, since
// a topic's list begins with its default.
func (s *state) checkAltered(request kmsg.Request) (any, bool) {
	var note []alteration
	asked := request.(*kmsg.IncrementalAlterConfigsRequest)
	for i := range asked.Resources {
		r := &asked.Resources[i]
		a := alteration{kind: r.ResourceType}
		switch r.ResourceType {
		case kmsg.ConfigResourceTypeTopic:
			a.settings = s.settings(r.ResourceName)
		case kmsg.ConfigResourceTypeBroker:
			a.settings = s.brokerSettings()
		default:
			a.refused = groupRefusal(r)
		}
		if a.settings == nil {
			a.settings = map[string]string{}
		}
		seen := map[string]bool{}
		for j := range r.Configs {
			if why := s.alter(a.settings, &r.Configs[j], r.ResourceType); why != nil {
				a.refused = why
			}
			if seen[r.Configs[j].Name] {
				a.refused = refusal(kerr.InvalidRequest, "Error due to duplicate config keys")
			}
			seen[r.Configs[j].Name] = true
		}
		if a.check(); a.refused != nil {
			r.ResourceType = noResource
		}
		for j := range r.Configs {
			a.keep(r.Configs[j].Name, &r.Configs[j].Value)
		}
		note = append(note, a)
	}
	asked.Resources = append(asked.Resources, ofShareGroups(asked.Resources)...)
	return note, len(note) > 0
}

// ofShareGroups are settings of brokers for those of share groups that kfake takes and does not go by: they are then
// the same for all groups of the cluster, which is one scenario's.
func ofShareGroups(all []kmsg.IncrementalAlterConfigsRequestResource) (
	more []kmsg.IncrementalAlterConfigsRequestResource) {
	for _, r := range all {
		if r.ResourceType != kmsg.ConfigResourceTypeGroupConfig {
			continue
		}
		broker := kmsg.NewIncrementalAlterConfigsRequestResource()
		broker.ResourceType = kmsg.ConfigResourceTypeBroker
		for _, c := range r.Configs {
			if c.Name == "share.record.lock.duration.ms" || c.Name == "share.delivery.count.limit" {
				c.Name = "group." + c.Name
				broker.Configs = append(broker.Configs, c)
			}
		}
		if len(broker.Configs) > 0 {
			more = append(more, broker)
		}
	}
	return more
}

// alter does one operation on settings, and makes it one that sets or deletes.
func (s *state) alter(settings map[string]string, c *kmsg.IncrementalAlterConfigsRequestResourceConfig,
	kind kmsg.ConfigResourceType) *refused {
	known := topicconfig.Of(c.Name)
	isTopic := kind == kmsg.ConfigResourceTypeTopic
	if isTopic && c.Value == nil && c.Op != kmsg.IncrementalAlterConfigOpDelete {
		return refusal(kerr.InvalidRequest, "Null value not supported for : %s", c.Name)
	}
	switch c.Op {
	case kmsg.IncrementalAlterConfigOpDelete:
		delete(settings, c.Name)
	case kmsg.IncrementalAlterConfigOpSet:
		if c.Value != nil {
			settings[c.Name] = *c.Value
		}
	default:
		if !isTopic {
			return nil
		}
		if known == nil || known.Kind != kmsg.ConfigTypeList {
			verb := map[bool]string{true: "APPEND", false: "SUBTRACT"}[c.Op == kmsg.IncrementalAlterConfigOpAppend]
			return refusal(kerr.InvalidConfig, "Can't %s to key %s because its type is not LIST.", verb, c.Name)
		}
		now, ok := settings[c.Name]
		if !ok {
			now = known.Usual
		}
		elements := topicconfig.Elements(now)
		for _, e := range topicconfig.Elements(*c.Value) {
			elements = slices.DeleteFunc(elements, func(o string) bool { return o == e })
			if c.Op == kmsg.IncrementalAlterConfigOpAppend {
				elements = append(elements, e)
			}
		}
		settings[c.Name] = strings.Join(elements, ",")
		c.Op, c.Value = kmsg.IncrementalAlterConfigOpSet, kmsg.StringPtr(settings[c.Name])
	}
	return nil
}

// groupRefusal is about settings of groups whose values are words.
func groupRefusal(r *kmsg.IncrementalAlterConfigsRequestResource) *refused {
	for _, c := range r.Configs {
		if c.Name != "share.auto.offset.reset" || c.Value == nil || r.ResourceType != kmsg.ConfigResourceTypeGroupConfig {
			continue
		}
		if v := *c.Value; v != "earliest" && v != "latest" && !strings.HasPrefix(v, "by_duration:") {
			return refusal(kerr.InvalidConfig, "Invalid value %s for configuration %s", v, c.Name)
		}
	}
	return nil
}

// outcome puts right the answer about one resource, and keeps what its settings have become.
func (s *state) outcome(a alteration, name string, validated bool, kind *kmsg.ConfigResourceType, code *int16,
	words **string) {
	if a.refused != nil {
		*kind, *code, *words = a.kind, a.refused.code, &a.refused.words
		return
	}
	if *code != 0 || validated {
		return
	}
	switch a.kind {
	case kmsg.ConfigResourceTypeTopic:
		s.setTopic(name, a.settings)
	case kmsg.ConfigResourceTypeBroker:
		s.setBroker(a.settings)
	}
}

func (s *state) replacedConfigs(request kmsg.Request, note any, answer kmsg.Response) bool {
	got, asked := answer.(*kmsg.AlterConfigsResponse), request.(*kmsg.AlterConfigsRequest)
	for i, a := range note.([]alteration) {
		if i < len(got.Resources) {
			r := &got.Resources[i]
			s.outcome(a, r.ResourceName, asked.ValidateOnly, &r.ResourceType, &r.ErrorCode, &r.ErrorMessage)
		}
	}
	return true
}

func (s *state) alteredConfigs(request kmsg.Request, note any, answer kmsg.Response) bool {
	got, asked := answer.(*kmsg.IncrementalAlterConfigsResponse), request.(*kmsg.IncrementalAlterConfigsRequest)
	if own := len(note.([]alteration)); own < len(got.Resources) {
		got.Resources = got.Resources[:own]
	}
	for i, a := range note.([]alteration) {
		if i < len(got.Resources) {
			r := &got.Resources[i]
			s.outcome(a, r.ResourceName, asked.ValidateOnly, &r.ResourceType, &r.ErrorCode, &r.ErrorMessage)
		}
	}
	return true
}
