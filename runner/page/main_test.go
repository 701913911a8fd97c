package page_test

import (
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/browser"
)

func TestMain(m *testing.M) { browser.Main(m) }
