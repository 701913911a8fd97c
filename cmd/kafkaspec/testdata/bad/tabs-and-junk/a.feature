Feature: a
	Scenario: one
		Given topic "orders" with 1 partition
		Hello
