package verdict

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAlerts(t *testing.T) {
	const threshold = 10
	raised := func(lag int64) func(*Alerts) {
		return func(a *Alerts) { a.Raised("orders", 0, lag, threshold) }
	}
	cleared := func(lag int64) func(*Alerts) {
		return func(a *Alerts) { a.Cleared("orders", 0, lag) }
	}
	lag := func(lag int64) func(*Alerts) {
		return func(a *Alerts) { a.Lag("orders", 0, lag) }
	}
	for _, c := range []struct {
		name string
		feed []func(*Alerts)
		want []string
	}{
		{"one breach", []func(*Alerts){raised(11), lag(20)}, nil},
		{"one breach that is over", []func(*Alerts){raised(11), cleared(10), lag(10)}, nil},
		{"two breaches", []func(*Alerts){raised(11), cleared(0), raised(12), cleared(3), lag(0)}, nil},
		{"no breach", []func(*Alerts){lag(10)}, nil},
		{"the lag at the end is not known", []func(*Alerts){raised(11)}, nil},
		{"repeated", []func(*Alerts){raised(11), raised(12), raised(12), lag(12)}, []string{
			"alert repeated: orders partition 0: raised at a lag of 12, though the alert raised at 11 was not cleared",
			"alert repeated: orders partition 0: raised at a lag of 12, though the alert raised at 12 was not cleared",
		}},
		{"at the threshold", []func(*Alerts){raised(10), cleared(9)}, []string{
			"alert without breach: orders partition 0: raised at a lag of 10, which is the threshold and not over it",
		}},
		{"below the threshold", []func(*Alerts){raised(3)}, []string{
			"alert without breach: orders partition 0: raised at a lag of 3, which is not over the threshold of 10",
		}},
		{"another threshold", []func(*Alerts){func(a *Alerts) { a.Raised("orders", 0, 11, 5) }}, []string{
			"alert without breach: orders partition 0: raised for a threshold of 5, which is 10",
		}},
		{"cleared without alert", []func(*Alerts){cleared(3)}, []string{
			"cleared without alert: orders partition 0: cleared at a lag of 3, and no alert was raised before",
		}},
		{"cleared twice", []func(*Alerts){raised(11), cleared(10), cleared(0)}, []string{
			"cleared without alert: orders partition 0: cleared at a lag of 0 for a second time",
		}},
		{"cleared too early", []func(*Alerts){raised(12), cleared(11)}, []string{
			"cleared without alert: orders partition 0: cleared at a lag of 11, which is still over the threshold of 10",
		}},
		{"cleared too soon", []func(*Alerts){raised(12), cleared(0), raised(12), lag(12),
			func(a *Alerts) { a.ClearedTooSoon("orders", 0, "12") }}, []string{"cleared without alert: orders partition 0: " +
			"cleared, and the group has committed nothing since the alert of a lag of 12"}},
		{"missing", []func(*Alerts){lag(11)}, []string{"alert missing: orders partition 0: the lag is 11 and no alert is " +
			"raised"}},
		{"no such partition", []func(*Alerts){lag(0), func(a *Alerts) { a.Raised("orders", 99, 11, threshold) }}, []string{
			"alert without breach: orders partition 99: raised, and orders has no such partition"}},
		{"more than there is", []func(*Alerts){raised(12), lag(11), func(a *Alerts) { a.End("orders", 0, 11) }}, []string{
			"alert without breach: orders partition 0: raised at a lag of 12, and the log has never held more than 11"}},
		{"never told", []func(*Alerts){lag(0), func(a *Alerts) { a.Untold("orders", 0, 11, time.Second) }}, []string{
			"alert missing: orders partition 0: the lag was 11 for 1s or longer, and no alert was raised"}},
		{"not cleared", []func(*Alerts){raised(12), lag(10)}, []string{
			"alert not cleared: orders partition 0: the lag is 10 and the alert raised at a lag of 12 was not cleared",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			judge := NewAlerts(threshold)
			for _, feed := range c.feed {
				feed(judge)
			}
			for range 2 { // asking changes nothing
				var got []string
				for _, f := range judge.Result().Findings {
					got = append(got, f.String())
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("findings (-want +got):\n%s", diff)
				}
			}
		})
	}
	if got := NewAlerts(threshold).Result().Outcome; got != Inconclusive {
		t.Errorf("got %s without anything to judge, want inconclusive", got)
	}
}

// A monitor that does what it should passes, whatever the lags; partitions do not disturb one another. Where no lag was
// over the threshold there is nothing to judge.
func TestAlertsOfARightMonitorPass(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const threshold = 5
		judge := NewAlerts(threshold)
		open, want := map[int32]bool{}, Inconclusive
		for range rapid.IntRange(1, 60).Draw(t, "looks") {
			partition, lag := rapid.Int32Range(0, 2).Draw(t, "partition"), rapid.Int64Range(0, 10).Draw(t, "lag")
			switch {
			case lag > threshold && !open[partition]:
				judge.Raised("orders", partition, lag, threshold)
				open[partition], want = true, Pass
			case lag <= threshold && open[partition]:
				judge.Cleared("orders", partition, lag)
				open[partition] = false
			}
			judge.Lag("orders", partition, lag)
		}
		if r := judge.Result(); r.Outcome != want {
			t.Fatalf("got %s (%v), want %s", r.Outcome, r.Err(), want)
		}
	})
}
