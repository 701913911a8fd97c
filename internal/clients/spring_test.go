package clients_test

import (
	"path/filepath"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

// TestSpring runs a Spring Boot application, as it stands, whose topics are beans and which has a dead-letter topic.
func TestSpring(t *testing.T) {
	jars := filepath.Join(testenv.Clients(t), "spring", "*")
	spring := row{name: "Spring Boot", does: "spring", want: "8 orders, 2 dead letters after 6 tries",
		after: func(s *scene) { s.wantCommitted("", 10) }}
	places := []place{{cluster.KindEmbedded, cluster.NewEmbedded(cluster.EmbeddedOptions{})}}
	if testenv.ClientsOnKafka() {
		places = append(places, local(t))
	}
	for _, p := range places {
		for _, way := range spring.ways() {
			t.Run(p.name+"/"+way, func(t *testing.T) {
				d := &driver{command: []string{"java", "-XX:TieredStopAtLevel=1", "-Xmx384m", "-cp", jars,
					filepath.Join(fixtures, "spring", "DeadLetters.java")}}
				t.Cleanup(d.stop)
				s := open(t, spring, way, p)
				s.judge(d.carryOut(s.ctx, t, spring.line(s.settings), ""))
			})
		}
	}
}
